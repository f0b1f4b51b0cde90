// SPDX-License-Identifier: Apache-2.0
#include "resource/altered_fields.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"
#include "document/rfc3339.hpp"
#include "resource/quantity.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Of a hostile object; the server's own limit on nesting is lower.
constexpr std::size_t compared_depth_max = 200;

// Each is looked for among all.
constexpr std::size_t compared_members_max = 200;

bool is_same_time(std::string_view one, std::string_view other) {
  const std::optional<Instant> first = parse_rfc3339(one);
  return first && first == parse_rfc3339(other);
}

// Line ends do not count.
bool are_same_bytes(const std::string& one, const std::string& other) {
  if (one.find('\n') == std::string::npos) return false;
  const Result<std::string> first = from_base64(one);
  const Result<std::string> second = from_base64(other);
  return first && second && *first == *second;
}

// What Go's encoding/json leaves out of a field with omitempty, so that it may be missing.
bool is_zero(const Value& value) {
  if (value.is_null()) return true;
  if (value.as_bool() != nullptr) return !*value.as_bool();
  if (value.as_number() != nullptr) return value.as_number()->text == "0";
  if (value.as_string() != nullptr) return value.as_string()->empty();
  if (value.as_array() != nullptr) return value.as_array()->empty();
  return std::ranges::all_of(*value.as_object(),
                             [](const Object::Member& member) { return is_zero(member.second); });
}

// What a server may replace by a default because it can't be told from nothing: a port or a period
// of 0, no metrics. False stays false.
bool is_unset(const Value& value) { return value.as_bool() == nullptr && is_zero(value); }

// Of numbers beyond 2^53 a schema may keep the nearest double.
bool is_same_number(const Value& sent, const Value& stored) {
  const Number* one = sent.as_number();
  const Number* other = stored.as_number();
  if (one == nullptr || other == nullptr) return false;
  return std::strtod(one->text.c_str(), nullptr) == std::strtod(other->text.c_str(), nullptr);
}

bool is_same_scalar(const Value& sent, const Value& stored) {
  if (sent == stored || is_same_number(sent, stored)) return true;
  const bool are_texts = (sent.is_string() || sent.as_number() != nullptr) &&
                         (stored.is_string() || stored.as_number() != nullptr);
  if (!are_texts) return false;
  const std::string_view one = sent.scalar_text();
  const std::string_view other = stored.scalar_text();
  if (is_same_quantity(one, other) || is_same_time(one, other)) return true;
  return sent.is_string() && stored.is_string() &&
         are_same_bytes(*sent.as_string(), *stored.as_string());
}

// Whether `stored` says all that `sent` says.
bool is_kept(const Value& sent, const Value* stored, std::size_t depth) {
  if (stored == nullptr || stored->is_null()) return is_zero(sent);
  if (is_unset(sent) || depth > compared_depth_max) return true;
  if (const Object* members = sent.as_object()) {
    return stored->is_object() && std::ranges::all_of(*members, [&](const Object::Member& member) {
             return is_kept(member.second, stored->find(member.first), depth + 1);
           });
  }
  if (const Array* items = sent.as_array()) {
    const Array* others = stored->as_array();
    return others != nullptr &&
           std::ranges::equal(*items, *others, [&](const Value& one, const Value& other) {
             return is_kept(one, &other, depth + 1);
           });
  }
  return is_same_scalar(sent, *stored);
}

enum class MissingKeys : std::uint8_t { refused, allowed };

const Value* item_with(const Array& list, const Object& keys, MissingKeys missing) {
  const auto found = std::ranges::find_if(list, [&keys, missing](const Value& item) {
    return item.is_object() && std::ranges::all_of(keys, [&](const Object::Member& key) {
             const Value* value = item.find(key.first);
             return value == nullptr ? missing == MissingKeys::allowed : *value == key.second;
           });
  });
  return found == list.end() ? nullptr : &*found;
}

// The item of `list` that "k:{"name":"app"}" names. A key that the server has set by default may be
// missing in what was sent.
const Value* item_with_keys(const Array& list, const Object& keys) {
  const Value* exact = item_with(list, keys, MissingKeys::refused);
  return exact != nullptr ? exact : item_with(list, keys, MissingKeys::allowed);
}

// What the step of a fieldsV1 leads to in `value`, null if nothing.
const Value* step_into(const Value& value, std::string_view step) {
  if (step.starts_with("f:")) return value.find(step.substr(2));
  const Array* list = value.as_array();
  const bool names_an_item = step.starts_with("k:") || step.starts_with("v:");
  if (list == nullptr || !names_an_item) return nullptr;
  const auto key = read_json(step.substr(2), "fieldsV1");
  if (!key) return nullptr;
  if (step.starts_with("k:"))
    return key->is_object() ? item_with_keys(*list, *key->as_object()) : nullptr;
  const auto found = std::ranges::find(*list, *key);
  return found == list->end() ? nullptr : &*found;
}

class Comparison {
 public:
  Comparison(ItemNames names, std::size_t count_max) : names_(names), count_max_(count_max) {}

  // What was not sent is none of our business: the entry of others is not looked at.
  void visit(const Value& fields, const Value& sent, const Value* stored, const std::string& path,
             std::size_t depth) {
    const Object* members = fields.as_object();
    if (members == nullptr || altered_.size() >= count_max_) return;
    if (members->size() > compared_members_max || depth > compared_depth_max) return;
    bool is_leaf = true;
    for (const auto& [step, inner] : *members) {
      if (step == ".") continue;
      is_leaf = false;
      const Value* part = step_into(sent, step);
      if (part == nullptr) continue;
      visit(inner, *part, stored == nullptr ? nullptr : step_into(*stored, step),
            path + field_step(step, names_), depth + 1);
    }
    const bool is_altered = is_leaf && !is_kept(sent, stored, depth);
    if (is_altered && altered_.size() < count_max_) altered_.push_back(path);
  }

  std::vector<std::string> take() { return std::move(altered_); }

 private:
  ItemNames names_;
  std::size_t count_max_;
  std::vector<std::string> altered_;
};

}  // namespace

std::vector<std::string> altered_fields(const Value& sent, const Value& stored, ItemNames names,
                                        std::size_t count_max) {
  Comparison comparison(names, count_max);
  comparison.visit(applied_fields_of(stored), sent, &stored, {}, 0);
  return comparison.take();
}

}  // namespace primocane
