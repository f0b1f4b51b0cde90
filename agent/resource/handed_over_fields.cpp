// SPDX-License-Identifier: Apache-2.0
#include "resource/handed_over_fields.hpp"

#include "document/json.hpp"
#include "resource/metadata.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// A path element that stands for the mapping or the item of a list itself (fieldpath.Set).
constexpr std::string_view itself = ".";

constexpr std::string_view apply_operation = "Apply";

// The last elements are prefixes.
constexpr std::array<std::string_view, 3> flux_requests{"f:metadata", "f:annotations",
                                                        "f:reconcile.fluxcd.io/"};
constexpr std::array<std::string_view, 5> restart_request{
    "f:spec", "f:template", "f:metadata", "f:annotations", "f:kubectl.kubernetes.io/restartedAt"};

bool is_meant(const Value& entry, std::span<const ManagerPattern> patterns) {
  if (!entry.text_at("subresource").empty()) return false;
  const std::string_view manager = entry.text_at("manager");
  return std::ranges::any_of(patterns, [manager](const ManagerPattern& pattern) {
    switch (pattern.match) {
      case ManagerPattern::Match::prefix:
        return manager.starts_with(pattern.name);
      case ManagerPattern::Match::exact:
        return manager == pattern.name;
    }
    return false;
  });
}

bool is_applied_by(const Value& entry, std::string_view manager) {
  return entry.text_at("manager") == manager && entry.text_at("operation") == apply_operation &&
         entry.text_at("subresource").empty();
}

// Adds the fields of `more` to `fields`; both are parts of a fieldsV1.
void unite(Object& fields, const Object& more) {
  for (const auto& [element, below] : more) {
    Value* const known = fields.find(element);
    if (known == nullptr) {
      fields.append(element, below);
      continue;
    }
    Object* const inner = known->as_object();
    const Object* const other = below.as_object();
    if (inner == nullptr || other == nullptr) continue;
    // An element without any below it is a field itself.
    const bool is_field_in_one = inner->empty() != other->empty();
    unite(*inner, *other);
    if (is_field_in_one) inner->set(itself, Value(Object{}));
  }
}

// Moves what `path` names from `fields` to `spared`, with the mappings that hold nothing else.
void move_fields(Object& fields, std::span<const std::string_view> path, Object& spared) {
  if (path.size() > 1) {
    const std::string_view element = path.front();
    Value* const below = fields.find(element);
    Object* const inner = below == nullptr ? nullptr : below->as_object();
    if (inner == nullptr) return;
    Object moved;
    move_fields(*inner, path.subspan(1), moved);
    if (moved.empty()) return;
    const bool is_nothing_else = inner->size() == 1 && inner->find(itself) != nullptr;
    if (is_nothing_else) moved.set(itself, Value(Object{}));
    if (is_nothing_else || inner->empty()) fields.erase(element);
    spared.append(std::string(element), Value(std::move(moved)));
    return;
  }
  std::vector<std::string> found;
  for (const auto& [element, below] : fields) {
    if (element.starts_with(path.front())) found.push_back(element);
  }
  for (const std::string& element : found) {
    spared.append(element, *fields.find(element));
    fields.erase(element);
  }
}

// Takes out of `entry` what is spared, as an entry of its own, or null.
Value take_spared(Value& entry, Spared spared) {
  if (spared == Spared::nothing) return {};
  Object* const fields = entry.as_object()->find("fieldsV1")->as_object();
  Object kept;
  move_fields(*fields, flux_requests, kept);
  move_fields(*fields, restart_request, kept);
  if (kept.empty()) return {};
  Value rest = entry;
  rest.as_object()->set("fieldsV1", Value(std::move(kept)));
  return rest;
}

bool has_fields(const Value& entry) {
  const Value* fields = entry.find("fieldsV1");
  return fields != nullptr && fields->as_object() != nullptr && !fields->as_object()->empty();
}

// Adds what `entry` has to `target`, which is null where there is no such entry yet.
void add_to(Value& target, Value entry, std::string_view manager) {
  if (!target.is_null()) {
    Value* const fields = target.as_object()->find("fieldsV1");
    unite(*fields->as_object(), *entry.find("fieldsV1")->as_object());
    return;
  }
  target = std::move(entry);
  target.as_object()->set("manager", Value(manager));
  target.as_object()->set("operation", Value(apply_operation));
}

}  // namespace

std::optional<Array> hand_over_fields(const Value& object, const HandOver& hand_over) {
  const std::span<const Value> entries = managed_entries(object);
  const auto is_target = [&](const Value& entry) {
    return is_applied_by(entry, hand_over.to) && has_fields(entry);
  };
  const auto found = std::ranges::find_if(entries, is_target);
  Value target = found == entries.end() ? Value() : *found;
  Array others;
  bool is_changed = false;
  for (const Value& entry : entries) {
    if (found != entries.end() && &entry == &*found) continue;
    if (!is_meant(entry, hand_over.from) || !has_fields(entry)) {
      others.push_back(entry);
      continue;
    }
    Value given = entry;
    Value spared = take_spared(given, hand_over.spared);
    if (!spared.is_null()) others.push_back(std::move(spared));
    if (!has_fields(given)) continue;
    add_to(target, std::move(given), hand_over.to);
    is_changed = true;
  }
  if (!is_changed) return std::nullopt;
  others.push_back(std::move(target));
  return others;
}

std::string managed_fields_patch(Array managed_fields) {
  Array operations;
  operations.emplace_back(Object{{"op", Value("replace")},
                                 {"path", Value("/metadata/managedFields")},
                                 {"value", Value(std::move(managed_fields))}});
  return write_json(Value(std::move(operations)));
}

std::string_view tool_with_fields(const Value& object) {
  if (is_merged(object)) return {};
  for (const Value& entry : managed_entries(object)) {
    if (!is_meant(entry, tools_of_people) || !has_fields(entry)) continue;
    Value given = entry;
    take_spared(given, Spared::requests);
    if (has_fields(given)) return entry.text_at("manager");
  }
  return {};
}

}  // namespace primocane
