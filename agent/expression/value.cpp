// SPDX-License-Identifier: Apache-2.0
#include "expression/value.hpp"

#include "document/go_number.hpp"
#include "expression/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace primocane {

namespace {

// In the order of CelKind.
constexpr std::array<std::string_view, 14> kind_names = {"null_type",
                                                         "bool",
                                                         "int",
                                                         "uint",
                                                         "double",
                                                         "string",
                                                         "bytes",
                                                         "google.protobuf.Timestamp",
                                                         "google.protobuf.Duration",
                                                         "list",
                                                         "map",
                                                         "type",
                                                         "optional_type",
                                                         "dyn"};

CelValue number_of(const std::string& text) {
  std::int64_t integer = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, integer);
  if (error == std::errc() && rest == end) return integer;
  // Beyond a double's range no reader accepts it.
  return go_float(text).value_or(std::numeric_limits<double>::infinity());
}

bool are_lists_equal(const CelList& left, const CelList& right, Budget& budget) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    if (!are_equal(left.at(index), right.at(index), budget)) return false;
  }
  return true;
}

bool are_maps_equal(const CelMap& left, const CelMap& right, Budget& budget) {
  if (left.size() != right.size()) return false;
  for (std::size_t index = 0; index < left.size(); ++index) {
    const auto other = find_key(right, left.key_at(index), budget);
    if (!other || !are_equal(left.value_at(index), *other, budget)) return false;
  }
  return true;
}

bool are_optionals_equal(const CelOptional& left, const CelOptional& right, Budget& budget) {
  if (left.value == nullptr || right.value == nullptr) return left.value == right.value;
  return are_equal(*left.value, *right.value, budget);
}

bool are_of_one_kind_equal(const CelValue& left, const CelValue& right, Budget& budget) {
  switch (left.kind()) {
    case CelKind::null:
      return true;
    case CelKind::boolean:
      return *left.as<bool>() == *right.as<bool>();
    case CelKind::text:
    case CelKind::bytes:
      budget.look_at(std::min(left.view().size(), right.view().size()));
      return left.view() == right.view();
    case CelKind::timestamp:
      return left.as<CelTimestamp>()->instant == right.as<CelTimestamp>()->instant;
    case CelKind::duration:
      return left.as<CelDuration>()->nanoseconds == right.as<CelDuration>()->nanoseconds;
    case CelKind::list:
      return are_lists_equal(*left.as<CelList>(), *right.as<CelList>(), budget);
    case CelKind::map:
      return are_maps_equal(*left.as<CelMap>(), *right.as<CelMap>(), budget);
    case CelKind::type:
      return *left.as<CelKind>() == *right.as<CelKind>();
    case CelKind::optional:
      return are_optionals_equal(*left.as<CelOptional>(), *right.as<CelOptional>(), budget);
    case CelKind::integer:
    case CelKind::unsigned_integer:
    case CelKind::real:
    case CelKind::any:
      break;
  }
  return false;
}

// cel-go finds keys by their hashes: of a double it tries the whole numbers, but not the other way
// round, and a list or a mapping as a key is never found again.
bool may_find(const CelValue& key, const CelValue& candidate) {
  if (candidate.is(CelKind::list) || candidate.is(CelKind::map)) return false;
  return !candidate.is(CelKind::real) || key.is(CelKind::real);
}

template <typename T>
int order_of(const T& left, const T& right) {
  if (left < right) return -1;
  return right < left ? 1 : 0;
}

}  // namespace

std::string_view to_string(CelKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

std::optional<CelKind> cel_kind_named(std::string_view name) {
  const auto found = std::ranges::find(kind_names, name);
  if (found == kind_names.end() || name == to_string(CelKind::any)) return std::nullopt;
  return static_cast<CelKind>(found - kind_names.begin());
}

std::size_t CelList::size() const {
  if (read != nullptr) return read->size();
  return made == nullptr ? 0 : made->size();
}

CelValue CelList::at(std::size_t index) const {
  return read != nullptr ? CelValue::of((*read)[index]) : (*made)[index];
}

std::size_t CelMap::size() const {
  if (read != nullptr) return read->size();
  return made == nullptr ? 0 : made->size();
}

CelValue CelMap::key_at(std::size_t index) const {
  if (read == nullptr) return (*made)[index].first;
  const auto member = read->begin() + static_cast<std::ptrdiff_t>(index);
  return CelText{.view = member->first};
}

CelValue CelMap::value_at(std::size_t index) const {
  if (read == nullptr) return (*made)[index].second;
  const auto member = read->begin() + static_cast<std::ptrdiff_t>(index);
  return CelValue::of(member->second);
}

CelValue CelValue::of(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null:
      break;
    case ValueKind::boolean:
      return *value.as_bool();
    case ValueKind::number:
      return number_of(value.as_number()->text);
    case ValueKind::string:
      return CelText{.view = *value.as_string()};
    case ValueKind::array:
      return CelList{.read = value.as_array()};
    case ValueKind::object:
      return CelMap{.read = value.as_object()};
  }
  return {};
}

CelValue CelValue::text(std::string text) {
  auto owner = std::make_shared<const std::string>(std::move(text));
  const std::string_view view = *owner;
  return CelText{.owner = std::move(owner), .view = view};
}

CelValue CelValue::bytes(std::string bytes) {
  return CelBytes{*text(std::move(bytes)).as<CelText>()};
}

CelValue CelValue::list(std::vector<CelValue> items) {
  return CelList{.made = std::make_shared<const std::vector<CelValue>>(std::move(items))};
}

CelValue CelValue::map(std::vector<CelMap::Entry> entries) {
  return CelMap{.made = std::make_shared<const std::vector<CelMap::Entry>>(std::move(entries))};
}

CelValue CelValue::optional(CelValue value) {
  return CelOptional{std::make_shared<const CelValue>(std::move(value))};
}

std::string_view CelValue::view() const {
  if (const auto* text = as<CelText>()) return text->view;
  if (const auto* bytes = as<CelBytes>()) return bytes->bytes.view;
  return {};
}

bool are_equal(const CelValue& left, const CelValue& right, Budget& budget) {
  if (!budget.take()) return false;
  if (const auto ordering = number_order(left, right)) return *ordering == 0;
  return left.kind() == right.kind() && are_of_one_kind_equal(left, right, budget);
}

Result<int> compare(const CelValue& left, const CelValue& right, Budget& budget) {
  if (is_number(left) && is_number(right)) {
    const auto ordering = number_order(left, right);
    if (!ordering) return fail(ErrorKind::invalid, "NaN has no order");
    return *ordering < 0 ? -1 : (*ordering > 0 ? 1 : 0);
  }
  if (left.kind() == right.kind()) {
    switch (left.kind()) {
      case CelKind::boolean:
        return order_of(*left.as<bool>(), *right.as<bool>());
      case CelKind::text:
      case CelKind::bytes:
        budget.look_at(std::min(left.view().size(), right.view().size()));
        return order_of(left.view(), right.view());
      case CelKind::timestamp:
        return order_of(left.as<CelTimestamp>()->instant, right.as<CelTimestamp>()->instant);
      case CelKind::duration:
        return order_of(left.as<CelDuration>()->nanoseconds, right.as<CelDuration>()->nanoseconds);
      case CelKind::null:
      case CelKind::integer:
      case CelKind::unsigned_integer:
      case CelKind::real:
      case CelKind::list:
      case CelKind::map:
      case CelKind::type:
      case CelKind::optional:
      case CelKind::any:
        break;
    }
  }
  return fail(ErrorKind::invalid, std::string("there is no order between ")
                                      .append(to_string(left.kind()))
                                      .append(" and ")
                                      .append(to_string(right.kind())));
}

std::optional<CelValue> find_key(const CelMap& map, const CelValue& key, Budget& budget) {
  if (map.read != nullptr) {
    if (!key.is(CelKind::text) || !budget.look_at(map.read->size())) return std::nullopt;
    const Value* value = map.read->find(key.view());
    if (value == nullptr) return std::nullopt;
    return CelValue::of(*value);
  }
  for (std::size_t index = 0; index < map.size(); ++index) {
    const CelValue& candidate = (*map.made)[index].first;
    if (may_find(key, candidate) && are_equal(candidate, key, budget)) return map.value_at(index);
  }
  return std::nullopt;
}

bool is_zero(const CelValue& value) {
  switch (value.kind()) {
    case CelKind::null:
      return true;
    case CelKind::boolean:
      return !*value.as<bool>();
    case CelKind::integer:
      return *value.as<std::int64_t>() == 0;
    case CelKind::unsigned_integer:
      return *value.as<std::uint64_t>() == 0;
    case CelKind::real:
      return *value.as<double>() == 0;
    case CelKind::text:
    case CelKind::bytes:
      return value.view().empty();
    case CelKind::timestamp:
      // Go's zero time is in the year 1.
      return value.as<CelTimestamp>()->instant == Instant{.seconds = -62'135'596'800};
    case CelKind::duration:
      return value.as<CelDuration>()->nanoseconds == 0;
    case CelKind::list:
      return value.as<CelList>()->size() == 0;
    case CelKind::map:
      return value.as<CelMap>()->size() == 0;
    case CelKind::type:
    case CelKind::optional:  // cel-go asks optionals no such question
    case CelKind::any:
      break;
  }
  return false;
}

}  // namespace primocane
