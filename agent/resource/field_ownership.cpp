// SPDX-License-Identifier: Apache-2.0
#include "resource/field_ownership.hpp"

#include "document/json.hpp"
#include "resource/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <vector>

namespace primocane {

namespace {

// The fields of an Apply entry of a whole object, null if the entry is another's kind.
const Value* applied_fields(const Value& entry) {
  if (entry.text_at("operation") != "Apply" || !entry.text_at("subresource").empty()) {
    return nullptr;
  }
  const Value* fields = entry.find("fieldsV1");
  return fields == nullptr || !fields->is_object() ? nullptr : fields;
}

// Whether the key "k:{...}" of fieldsV1 names `item`. Numbers are compared by their texts, so that
// ports are found; Flux compares an int64 with a double and finds none.
bool names_item(std::string_view key, const Value& item) {
  if (!key.starts_with("k:")) return false;
  const auto wanted = read_json(key.substr(2), "fieldsV1");
  if (!wanted || !wanted->is_object() || !item.is_object()) return false;
  return std::ranges::all_of(*wanted->as_object(), [&](const Object::Member& member) {
    const Value* value = item.find(member.first);
    return value != nullptr && *value == member.second;
  });
}

// Whether `fields`, part of a fieldsV1, holds what `tokens` name in `value`.
bool holds_field(const Value& fields, const Value& value, std::span<const std::string> tokens) {
  if (tokens.empty()) return true;
  const Object* members = fields.as_object();
  if (members == nullptr) return false;
  const Array* list = value.as_array();
  if (list == nullptr) {
    const Value* inner = members->find(fmt::format("f:{}", tokens.front()));
    const Value* field = value.find(tokens.front());
    if (inner == nullptr) return false;
    return field == nullptr ? tokens.size() == 1 : holds_field(*inner, *field, tokens.subspan(1));
  }
  const auto index = list_index(tokens.front(), *list);
  if (!index) return false;
  const Value& item = (*list)[*index];
  return std::ranges::any_of(*members, [&](const Object::Member& member) {
    return names_item(member.first, item) && holds_field(member.second, item, tokens.subspan(1));
  });
}

void disown(Value& fields, const Value& value, std::span<const std::string> tokens);

// Takes what `tokens` name behind the field `key` out of `members`, and `key` itself once nothing
// is left of it.
void disown_member(Object& members, const std::string& key, const Value* value,
                   std::span<const std::string> tokens) {
  Value* const inner = members.find(key);
  if (inner == nullptr) return;
  const Object* const fields = inner->as_object();
  if (!tokens.empty()) {
    // What owns a whole mapping or list names none of its fields.
    if (value == nullptr || fields == nullptr || fields->empty()) return;
    disown(*inner, *value, tokens);
    if (!fields->empty()) return;
  }
  members.erase(key);
}

// Takes what `tokens` name in `value` out of `fields`, part of a fieldsV1.
void disown(Value& fields, const Value& value, std::span<const std::string> tokens) {
  Object* const members = fields.as_object();
  if (members == nullptr) return;
  const Array* const list = value.as_array();
  if (list == nullptr) {
    disown_member(*members, fmt::format("f:{}", tokens.front()), value.find(tokens.front()),
                  tokens.subspan(1));
    return;
  }
  const auto index = list_index(tokens.front(), *list);
  if (!index) return;
  const Value& item = (*list)[*index];
  std::vector<std::string> keys;
  for (const auto& [key, owned] : *members) {
    if (names_item(key, item)) keys.push_back(key);
  }
  for (const std::string& key : keys) disown_member(*members, key, &item, tokens.subspan(1));
}

// The fields of `object` that `manager` applied, but for `paths`.
Value owned_part(const Value& object, std::span<const JsonPointer> paths,
                 std::string_view manager) {
  for (const Value& entry : managed_entries(object)) {
    const Value* fields = applied_fields(entry);
    if (fields == nullptr || entry.text_at("manager") != manager) continue;
    Value owned = *fields;
    for (const JsonPointer& path : paths) disown(owned, object, path.tokens());
    return owned;
  }
  return {};
}

}  // namespace

std::optional<std::size_t> list_index(std::string_view token, const Array& list) {
  std::size_t index = 0;
  const char* const end = token.data() + token.size();
  const auto [rest, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || rest != end || index >= list.size()) return std::nullopt;
  return index;
}

bool is_applied_by_other(const Value& live, const JsonPointer& path, std::string_view manager) {
  return std::ranges::any_of(managed_entries(live), [&](const Value& entry) {
    const Value* fields = applied_fields(entry);
    return fields != nullptr && entry.text_at("manager") != manager &&
           holds_field(*fields, live, path.tokens());
  });
}

bool owns_the_same_beyond(const Value& live, const Value& merged,
                          std::span<const JsonPointer> paths, std::string_view manager) {
  return owned_part(live, paths, manager) == owned_part(merged, paths, manager);
}

}  // namespace primocane
