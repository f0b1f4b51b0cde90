// SPDX-License-Identifier: Apache-2.0
#include "render/strategic_merge.hpp"

#include "document/plain_scalar.hpp"
#include "document/written_scalar.hpp"
#include "render/list_merge.hpp"
#include "render/patch_directive.hpp"
#include "render/patch_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// Some seconds; a file holds a million values at most.
constexpr std::size_t merge_steps_max = 20'000'000;

using Type = std::optional<SchemaType>;
using Members = std::vector<Object::Member*>;

Members members_by_key(Object* object) {
  Members members;
  if (object == nullptr) return members;
  members.reserve(object->size());
  for (Object::Member& member : *object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const Object::Member* member) -> const std::string& {
    return member->first;
  });
  return members;
}

void set_quoted(Value& value, bool is_quoted) {
  Spelling spelling = value.spelling();
  spelling.is_quoted = is_quoted;
  value.set_spelling(spelling);
}

// kustomize quotes what YAML 1.1 would read otherwise, whenever it comes by.
void quote_ambiguous(Value& value) {
  const std::string* text = value.as_string();
  if (text == nullptr || text->empty() || value.spelling().is_quoted) return;
  if (!is_string_when_plain(*text)) set_quoted(value, true);
}

// yaml/fns.go, FieldSetter: the new scalar is written in the style of the old.
void replace_value(Value& old, const Value& value) {
  const bool was_quoted = old.spelling().is_quoted;
  old = value;
  if (node_kind(&old) != NodeKind::scalar) return;
  if (was_quoted && !old.is_string()) {
    const std::uint32_t line = old.line();
    old = Value(text_as_written(value));
    old.set_line(line);
  }
  set_quoted(old, was_quoted);
}

// What becomes of the fields of a mapping, whose members stay where they are until the end.
class FieldChanges {
 public:
  explicit FieldChanges(Object& object) : object_(object) {}

  // `value` is that of the member, or null if there is none; `merged` what it becomes, or null.
  void set(const std::string& key, Value* value, Value* merged) {
    if (value == nullptr) {
      if (merged == nullptr) return;
      added_.emplace_back(key, *merged);
      quote_ambiguous(added_.back().second);
    } else if (merged == nullptr) {
      removed_.insert(value);
    } else if (merged == value) {
      quote_ambiguous(*value);
    } else {
      replace_value(*value, *merged);
    }
  }

  void finish() {
    if (!removed_.empty()) {
      Object kept;
      kept.reserve(object_.size());
      for (auto& [key, value] : object_) {
        if (!removed_.contains(&value)) kept.append(std::move(key), std::move(value));
      }
      object_ = std::move(kept);
    }
    for (auto& [key, value] : added_) object_.append(std::move(key), std::move(value));
  }

 private:
  Object& object_;
  std::vector<Object::Member> added_;
  std::unordered_set<const Value*> removed_;
};

// Walks both trees at once. What is not there is a null pointer. Where the target has nothing, the
// patch is both of them: its directives still count then. The result is one of both nodes, changed
// in place, or null if it is to be deleted.
class Merger {
 public:
  explicit Merger(const PatchSchema& schema) : schema_(schema) {}

  // walk/walk.go
  Result<Value*> merge(Value* target, Value* patch, Type type);

 private:
  Result<Value*> merge_maps(Value* target, Value* patch, Type type);
  Result<Value*> merge_lists(Value* target, Value* patch, Type type);
  Result<void> merge_fields(Object& target, Object* patch, Type type);
  [[nodiscard]] Type type_of(const Value* target, const Value* patch) const;

  const PatchSchema& schema_;
  MergeBudget budget_{merge_steps_max};
};

Result<Value*> Merger::merge(Value* target, Value* patch, Type type) {
  TRY(budget_.spend(1));
  if (!type) type = type_of(target, patch);
  const NodeKind target_kind = node_kind(target);
  const NodeKind patch_kind = node_kind(patch);
  if (target_kind != NodeKind::none && patch_kind != NodeKind::none && target_kind != patch_kind) {
    return fail_here(fmt::format("expected {}, as the object has, but the patch has {}",
                                 to_string(target_kind), to_string(patch_kind)));
  }
  switch (target_kind == NodeKind::none ? patch_kind : target_kind) {
    case NodeKind::none:
    case NodeKind::mapping:
      return merge_maps(target, patch, type);
    case NodeKind::list:
      return merge_lists(target, patch, type);
    case NodeKind::scalar:
      break;
  }
  if (patch == nullptr) return target;
  return is_missing_or_null(patch) ? nullptr : patch;
}

// walk/map.go, merge2.go's VisitMap
Result<Value*> Merger::merge_maps(Value* target, Value* patch, Type type) {
  if (is_missing_or_null(target)) {
    if (patch == nullptr) return target != nullptr && is_written_null(*target) ? target : nullptr;
    // kustomize does not look at the error of an unknown directive here.
    const auto directive = take_directive(*patch);
    const bool is_removed = directive && *directive == PatchDirective::remove;
    if (is_removed || is_missing_or_null(patch)) return nullptr;
    target = patch;
  } else if (patch != nullptr) {
    if (is_missing_or_null(patch)) return nullptr;
    const PatchDirective directive = TRY(take_directive(*patch));
    if (directive == PatchDirective::remove) return nullptr;
    if (directive == PatchDirective::replace) target = patch;
  }
  TRY(merge_fields(*target->as_object(), patch == nullptr ? nullptr : patch->as_object(), type));
  return target;
}

// walk/associative_sequence.go, merge2.go's VisitList
Result<Value*> Merger::merge_lists(Value* target, Value* patch, Type type) {
  const auto keys = type ? schema_.merge_keys(*type) : std::nullopt;
  if (!keys) {
    if (patch == nullptr) return target;
    return is_missing_or_null(patch) ? nullptr : patch;
  }
  if (is_missing_or_null(target)) {
    target = patch;
  } else if (patch != nullptr) {
    if (is_missing_or_null(patch)) return nullptr;
    const PatchDirective directive = TRY(take_directive(*patch));
    if (directive == PatchDirective::remove) return nullptr;
    if (directive == PatchDirective::replace) target = patch;
  }
  const Type element_type = schema_.elements(*type);
  const MergeElement merge_element = [&](Value* left, Value* right) {
    return merge(left, right, element_type);
  };
  TRY(merge_elements(*target->as_array(), patch == nullptr ? nullptr : patch->as_array(), *keys,
                     merge_element, budget_));
  return target;
}

Result<void> Merger::merge_fields(Object& target, Object* patch, Type type) {
  const bool is_one = patch == &target;
  const Members theirs = members_by_key(is_one ? nullptr : patch);
  const Members ours = members_by_key(&target);
  FieldChanges changes(target);
  auto our = ours.begin();
  auto their = theirs.begin();
  while (our != ours.end() || their != theirs.end()) {
    const bool has_our =
        our != ours.end() && (their == theirs.end() || (*our)->first <= (*their)->first);
    const bool has_their =
        their != theirs.end() && (our == ours.end() || (*their)->first <= (*our)->first);
    const std::string& key = has_our ? (*our)->first : (*their)->first;
    Value* value = has_our ? &(*our++)->second : nullptr;
    Value* change = has_their ? &(*their++)->second : nullptr;
    const Type field_type = type ? schema_.field(*type, key) : std::nullopt;
    auto merged = merge(value, is_one ? value : change, field_type);
    if (!merged) return std::unexpected(below(key, std::move(merged).error()));
    changes.set(key, value, *merged);
  }
  changes.finish();
  return {};
}

// walk.go, GetSchema
Type Merger::type_of(const Value* target, const Value* patch) const {
  for (const Value* node : {target, patch}) {
    if (node == nullptr || !node->is_object()) continue;
    const std::string_view kind = field_text(*node, "kind");
    const std::string_view api_version = field_text(*node, "apiVersion");
    if (kind.empty() || api_version.empty()) continue;
    if (const Type type = schema_.root(api_version, kind)) return type;
  }
  return std::nullopt;
}

}  // namespace

Result<MergeOutcome> strategic_merge(Value& target, Value patch, const PatchSchema& schema) {
  auto merged = Merger(schema).merge(&target, &patch, std::nullopt);
  if (!merged) {
    Error error = std::move(merged).error();
    if (error.message.starts_with(": ")) error.message.erase(0, 2);
    return std::unexpected(std::move(error));
  }
  const bool is_deleted = *merged == nullptr || (target.is_object() && target.as_object()->empty());
  return is_deleted ? MergeOutcome::deleted : MergeOutcome::changed;
}

}  // namespace primocane
