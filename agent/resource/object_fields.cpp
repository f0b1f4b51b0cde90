// SPDX-License-Identifier: Apache-2.0
#include "resource/object_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <string>

namespace primocane {

namespace {

std::unexpected<Error> wrong_shape(FieldPath path, std::string_view expected, const Value& found) {
  return fail(ErrorKind::invalid, fmt::format("{} must be {}, not {}", fmt::join(path, "."),
                                              expected, to_string(found.kind())));
}

std::optional<std::int64_t> as_integer(const Value& value) {
  const Number* number = value.as_number();
  if (number == nullptr) return std::nullopt;
  std::int64_t integer = 0;
  const char* const end = number->text.data() + number->text.size();
  const auto [rest, error] = std::from_chars(number->text.data(), end, integer);
  if (error != std::errc() || rest != end) return std::nullopt;
  return integer;
}

// What NestedFieldNoCopy finds: null values count as found, which matters to those who then ask
// for a type.
struct Found {
  const Value* value = nullptr;
  const Value* no_mapping = nullptr;
};

Found walk(const Value& object, FieldPath path) {
  const Value* value = &object;
  for (const std::string_view key : path) {
    if (value->is_null()) return {};
    if (!value->is_object()) return {.no_mapping = value};
    value = value->find(key);
    if (value == nullptr) return {};
  }
  return {.value = value};
}

// A field of a condition; missing and null are "".
Result<std::string_view> condition_text(const Value& condition, std::string_view key) {
  const Value* field = condition.find(key);
  if (field == nullptr || field->is_null()) return std::string_view();
  if (field->as_string() == nullptr) {
    return fail(ErrorKind::invalid, fmt::format("{} of a condition must be a string, not {}", key,
                                                to_string(field->kind())));
  }
  return std::string_view(*field->as_string());
}

Result<Condition> read_condition(const Value& value) {
  Condition condition;
  if (value.is_null()) return condition;
  if (!value.is_object()) return wrong_shape({"status.conditions[]"}, "a mapping", value);
  condition.type = TRY(condition_text(value, "type"));
  condition.status = TRY(condition_text(value, "status"));
  condition.reason = TRY(condition_text(value, "reason"));
  condition.message = TRY(condition_text(value, "message"));
  return condition;
}

}  // namespace

Result<const Value*> nested_field(const Value& object, FieldPath path) {
  const Found found = walk(object, path);
  if (found.no_mapping != nullptr) return wrong_shape(path, "inside a mapping", *found.no_mapping);
  return found.value == nullptr || found.value->is_null() ? nullptr : found.value;
}

Result<std::optional<std::int64_t>> nested_integer(const Value& object, FieldPath path) {
  const Found found = walk(object, path);
  if (found.no_mapping != nullptr) return wrong_shape(path, "inside a mapping", *found.no_mapping);
  if (found.value == nullptr) return std::nullopt;
  const auto integer = as_integer(*found.value);
  if (!integer) return wrong_shape(path, "an integer", *found.value);
  return integer;
}

Result<std::optional<std::string_view>> nested_string(const Value& object, FieldPath path) {
  const Found found = walk(object, path);
  if (found.no_mapping != nullptr) return wrong_shape(path, "inside a mapping", *found.no_mapping);
  if (found.value == nullptr) return std::nullopt;
  const std::string* text = found.value->as_string();
  if (text == nullptr) return wrong_shape(path, "a string", *found.value);
  return std::string_view(*text);
}

std::int64_t integer_at(const Value& object, FieldPath path, std::int64_t otherwise) {
  const Found found = walk(object, path);
  return found.value == nullptr ? otherwise : as_integer(*found.value).value_or(otherwise);
}

std::string_view string_at(const Value& object, FieldPath path, std::string_view otherwise) {
  const Found found = walk(object, path);
  if (found.value == nullptr || found.value->as_string() == nullptr) return otherwise;
  return *found.value->as_string();
}

Result<std::vector<Condition>> read_conditions(const Value& object) {
  const Value* list = TRY(nested_field(object, {"status", "conditions"}));
  std::vector<Condition> conditions;
  if (list == nullptr) return conditions;
  if (list->as_array() == nullptr) return wrong_shape({"status", "conditions"}, "a list", *list);
  for (const Value& item : *list->as_array()) conditions.push_back(TRY(read_condition(item)));
  return conditions;
}

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

}  // namespace primocane
