// SPDX-License-Identifier: Apache-2.0
#include "render/replacements.hpp"

#include "document/written_scalar.hpp"
#include "render/copied_value.hpp"
#include "render/field_match.hpp"
#include "render/structured_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::string_view or_default(std::string_view namespace_name) {
  return namespace_name.empty() ? std::string_view("default") : namespace_name;
}

// kyaml resid, IsSelectedBy. Identities made of nodes do not know that a kind is cluster-scoped.
bool is_source(const ReplacementSource& source, const VersionedKind& kind, std::string_view name,
               std::string_view namespace_name) {
  return (source.name.empty() || source.name == name) && selects(source.kind, kind) &&
         (source.namespace_name.empty() ||
          or_default(source.namespace_name) == or_default(namespace_name));
}

bool is_source(const ReplacementSource& source, const Draft& draft) {
  if (is_source(source, draft.id.kind, draft.id.name, draft.id.namespace_name)) return true;
  return std::ranges::any_of(draft.previous, [&](const PreviousId& id) {
    if (!source.name.empty() && source.name != id.name) return false;
    VersionedKind kind = draft.id.kind;
    kind.kind = id.kind;
    return is_source(source, kind, id.name, id.namespace_name);
  });
}

std::string shown(const ReplacementSource& source) {
  const DraftId id{.kind = source.kind,
                   .namespace_name = source.namespace_name,
                   .name = source.name.empty() ? "(any name)" : source.name};
  return source.kind.kind.empty() ? "(any kind)" + to_string(id) : to_string(id);
}

// All identities of an object, the present one first (utils.MakeResIds).
void collect_ids(const Draft& draft, std::vector<IdText>& ids) {
  ids.clear();
  const DraftId& id = draft.id;
  ids.push_back({id.kind.group, id.kind.version, id.kind.kind, id.name, id.namespace_name});
  for (const PreviousId& previous : draft.previous) {
    ids.push_back(
        {id.kind.group, id.kind.version, previous.kind, previous.name, previous.namespace_name});
  }
}

bool is_empty(const Value& value) {
  if (const Array* items = value.as_array()) return items->empty();
  if (const Object* members = value.as_object()) return members->empty();
  return value.is_null();
}

// Whether `part` is inside of `value`.
bool holds(const Value& value, const Value* part) {
  const auto is_there = [part](const Value& inner) { return &inner == part || holds(inner, part); };
  if (const Array* items = value.as_array()) return std::ranges::any_of(*items, is_there);
  const Object* members = value.as_object();
  return members != nullptr && std::ranges::any_of(*members, is_there, &Object::Member::second);
}

// What a value takes: an object that is copied into itself doubles each time.
struct CopyExtent {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t height = 0;
};

CopyExtent copy_extent_of(const Value& value) {
  CopyExtent extent{.nodes = 1, .bytes = value.scalar_text().size()};
  const auto add = [&extent](const Value& part) {
    const CopyExtent inner = copy_extent_of(part);
    extent.nodes += inner.nodes;
    extent.bytes += inner.bytes;
    extent.height = std::max(extent.height, inner.height + 1);
  };
  if (const Array* items = value.as_array()) {
    for (const Value& item : *items) add(item);
  } else if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) {
      extent.bytes += key.size();
      add(member);
    }
  }
  return extent;
}

// Applies one replacement after the other to the objects of a set.
class Replacing {
 public:
  Replacing(std::vector<Draft>& drafts, const DocumentLimits& limits)
      : drafts_(drafts), limits_(limits) {}

  Result<void> apply(const Replacement& replacement) {
    source_ = nullptr;
    is_alive_ = replacement.source && replacement.source->options.delimiter.empty();
    CopiedValue copied(replacement.source_value);
    if (replacement.source) {
      source_ = TRY(find_source(*replacement.source));
      copied = TRY(copy_source(replacement));
    }
    for (const Replacement::Target& target : replacement.targets) {
      for (Draft& draft : drafts_) {
        collect_ids(draft, ids_);
        const MarkValues marks{.labels = draft.object.find("metadata", "labels"),
                               .annotations = draft.object.find("metadata", "annotations")};
        if (!TRY(target.scope.covers(ids_, marks))) continue;
        TRY(change(draft, target, replacement, copied));
      }
    }
    return {};
  }

 private:
  Result<Draft*> find_source(const ReplacementSource& source) {
    Draft* found = nullptr;
    for (Draft& draft : drafts_) {
      if (!is_source(source, draft)) continue;
      if (found != nullptr) {
        return fail(ErrorKind::invalid,
                    fmt::format("several objects are selected by the source {}: {} and {}",
                                shown(source), to_string(found->id), to_string(draft.id)));
      }
      found = &draft;
    }
    if (found != nullptr) return found;
    return fail(ErrorKind::invalid,
                fmt::format("no object is selected by the source {}", shown(source)));
  }

  // The source's field. Null if it is not there.
  Result<Value*> source_field(const Replacement& replacement) {
    const FieldPath& path = replacement.source_path;
    auto field = look_up(source_->object, path.steps());
    if (field) return field;
    return invalid_draft(*source_, fmt::format("field {}: {}", path.text(), field.error().message));
  }

  Result<CopiedValue> copy_source(const Replacement& replacement) {
    const std::string& path = replacement.source_path.text();
    const Value* field = TRY(source_field(replacement));
    if (field == nullptr || is_empty(*field)) {
      return invalid_draft(*source_,
                           fmt::format("the source of a replacement has no field {}", path));
    }
    auto copied = CopiedValue::make(*field, replacement.source->options);
    if (copied) return copied;
    return invalid_draft(*source_, fmt::format("field {}: {}", path, copied.error().message));
  }

  Result<void> change(Draft& draft, const Replacement::Target& target,
                      const Replacement& replacement, CopiedValue& copied) {
    for (const FieldPath& path : target.paths) {
      auto changed = change_field(draft, path, target.options, replacement, copied);
      if (!changed) {
        return invalid_draft(draft,
                             fmt::format("field {}: {}", path.text(), changed.error().message));
      }
    }
    // An empty mapping stays.
    const Value* annotations = draft.object.find("metadata", "annotations");
    if (annotations != nullptr && *annotations != Value(Object())) make_texts(draft, "annotations");
    read_id(draft);
    return {};
  }

  Result<void> change_field(Draft& draft, const FieldPath& path, const FieldOptions& options,
                            const Replacement& replacement, CopiedValue& copied) {
    const TextOnPath on_path = text_on_path(draft.object, path.steps());
    if (on_path.text != nullptr) {
      if (on_path.text->is_null()) {
        return fail(ErrorKind::invalid, "there is a null on the way: leave it out");
      }
      const auto text = written_text(*on_path.text);
      const std::string changed = TRY(replace_in_text(
          text.value_or(""), path.steps().subspan(on_path.steps), copied, options.create, limits_));
      TRY(set_scalar_text(*on_path.text, changed));
      look_again(draft, replacement, copied);
      return spend(*on_path.text, on_path.steps);
    }
    const bool creates = options.create == CreateField::yes;
    const MatchRules rules{.made = creates ? copied.leaf() : MadeLeaf::nothing,
                           .printed = printed_element};
    const std::vector<Value*> fields = TRY(match_fields(draft.object, path.steps(), rules));
    if (fields.empty()) {
      return fail(ErrorKind::invalid, creates ? "the field is not there and can't be made"
                                              : "the field is not there; options.create makes it");
    }
    look_again(draft, replacement, copied);
    for (Value* field : fields) {
      if (&draft == source_ && is_alive_) {
        const auto source = source_field(replacement);
        is_alive_ = source && !holds(*field, *source);
      }
      TRY(put_value(*field, copied, options));
      TRY(spend(*field, path.steps().size()));
      look_again(draft, replacement, copied);
    }
    return {};
  }

  // What kustomize copies whole is the source's field itself, which may have changed with `draft`,
  // unless it is no part of it any more.
  void look_again(const Draft& draft, const Replacement& replacement, CopiedValue& copied) {
    if (&draft != source_ || !is_alive_) return;
    if (auto again = copy_source(replacement)) copied = *std::move(again);
  }

  Result<void> spend(const Value& value, std::size_t depth) {
    const CopyExtent extent = copy_extent_of(value);
    nodes_ += extent.nodes;
    bytes_ += extent.bytes;
    if (nodes_ > limits_.nodes || bytes_ > limits_.bytes.count() ||
        extent.height + depth > limits_.depth) {
      return fail(ErrorKind::invalid, "replacements copy too much");
    }
    return {};
  }

  std::vector<Draft>& drafts_;
  const DocumentLimits& limits_;
  Draft* source_ = nullptr;  // of the present replacement
  bool is_alive_ = false;    // what is copied changes with the source
  std::vector<IdText> ids_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<void> apply_replacements(std::vector<Draft>& drafts,
                                const std::vector<Replacement>& replacements,
                                const DocumentLimits& limits) {
  Replacing replacing(drafts, limits);
  for (const Replacement& replacement : replacements) {
    if (auto applied = replacing.apply(replacement); !applied) {
      return std::unexpected(with_context(replacement.place, std::move(applied).error()));
    }
  }
  return {};
}

}  // namespace primocane
