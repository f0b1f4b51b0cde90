// SPDX-License-Identifier: Apache-2.0
#include "support/managed_fields.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

ManagedEntries read_managed_fields(const Value& object) {
  ManagedEntries entries;
  const Value* list = object.find("metadata", "managedFields");
  if (list == nullptr || list->as_array() == nullptr) return entries;
  for (const Value& item : *list->as_array()) {
    const Value* fields = item.find("fieldsV1");
    entries.push_back({.manager = std::string(item.text_at("manager")),
                       .operation = std::string(item.text_at("operation")),
                       .subresource = std::string(item.text_at("subresource")),
                       .api_version = std::string(item.text_at("apiVersion")),
                       .time = std::string(item.text_at("time")),
                       .fields = fields == nullptr ? FieldSet{} : from_fields_v1(*fields)});
  }
  return entries;
}

void write_managed_fields(Value& object, const ManagedEntries& entries) {
  Array list;
  for (const ManagedEntry& entry : entries) {
    if (entry.fields.empty()) continue;
    Object item{{"manager", Value(entry.manager)},        {"operation", Value(entry.operation)},
                {"apiVersion", Value(entry.api_version)}, {"time", Value(entry.time)},
                {"fieldsType", Value("FieldsV1")},        {"fieldsV1", to_fields_v1(entry.fields)}};
    if (!entry.subresource.empty()) item.append("subresource", Value(entry.subresource));
    list.emplace_back(std::move(item));
  }
  Value& metadata = (*object.as_object())["metadata"];
  if (!metadata.is_object()) metadata = Object{};
  metadata.as_object()->erase("managedFields");
  if (!list.empty()) metadata.as_object()->append("managedFields", Value(std::move(list)));
}

ManagedEntry& entry_of(ManagedEntries& entries, std::string_view manager,
                       std::string_view operation, std::string_view subresource) {
  const auto found = std::ranges::find_if(entries, [&](const ManagedEntry& entry) {
    return entry.manager == manager && entry.operation == operation &&
           entry.subresource == subresource;
  });
  if (found != entries.end()) return *found;
  entries.push_back({.manager = std::string(manager),
                     .operation = std::string(operation),
                     .subresource = std::string(subresource),
                     .api_version = {},
                     .time = {},
                     .fields = {}});
  return entries.back();
}

void disown(ManagedEntries& entries, const FieldPath& path, const ManagedEntry* except) {
  for (ManagedEntry& entry : entries) {
    if (&entry == except) continue;
    std::erase_if(entry.fields, [&](const FieldPath& owned) { return overlap(owned, path); });
  }
}

void take_over(Value& after, const Value& before, std::string_view manager,
               std::string_view subresource, std::string_view time) {
  ManagedEntries entries = read_managed_fields(before);
  ManagedEntry& taker = entry_of(entries, manager, "Update", subresource);
  const FieldValues old_fields = fields_of(before);
  const FieldValues new_fields = fields_of(after);
  bool wrote = false;
  for (const auto& [path, value] : new_fields) {
    const auto old = old_fields.find(path);
    if (old != old_fields.end() && old->second == value) continue;
    disown(entries, path, &taker);
    taker.fields.insert(path);
    wrote = true;
  }
  for (const auto& [path, value] : old_fields) {
    if (new_fields.contains(path)) continue;
    for (ManagedEntry& entry : entries) entry.fields.erase(path);
  }
  if (wrote) {
    taker.time = time;
    taker.api_version = std::string(after.text_at("apiVersion"));
  }
  write_managed_fields(after, entries);
}

}  // namespace primocane
