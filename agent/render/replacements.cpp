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

// What a value takes: an object that is copied into itself doubles each time.
struct Extent {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t height = 0;
};

Extent extent_of(const Value& value) {
  Extent extent{.nodes = 1, .bytes = value.scalar_text().size()};
  const auto add = [&extent](const Value& part) {
    const Extent inner = extent_of(part);
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

  Result<CopiedValue> copy_source(const Replacement& replacement) {
    const FieldPath& path = replacement.source_path;
    const auto in_source = [&](Error error) {
      return invalid_draft(*source_, fmt::format("field {}: {}", path.text(), error.message));
    };
    auto value = look_up(source_->object, path.steps());
    if (!value) return in_source(std::move(value).error());
    if (*value == nullptr || is_empty(**value)) {
      return invalid_draft(*source_,
                           fmt::format("the source of a replacement has no field {}", path.text()));
    }
    auto copied = CopiedValue::make(**value, replacement.source->options);
    if (!copied) return in_source(std::move(copied).error());
    return copied;
  }

  Result<void> change(Draft& draft, const Replacement::Target& target,
                      const Replacement& replacement, CopiedValue& copied) {
    for (const FieldPath& path : target.paths) {
      auto changed = change_field(draft.object, path, target.options, copied);
      if (!changed) {
        return invalid_draft(draft,
                             fmt::format("field {}: {}", path.text(), changed.error().message));
      }
      read_id(draft);
      // What is copied whole is the field itself, which may have changed.
      if (&draft == source_ && replacement.source->options.delimiter.empty()) {
        if (auto again = copy_source(replacement)) copied = *std::move(again);
      }
    }
    return {};
  }

  Result<void> change_field(Value& object, const FieldPath& path, const FieldOptions& options,
                            const CopiedValue& copied) {
    const TextOnPath on_path = text_on_path(object, path.steps());
    if (on_path.text != nullptr) {
      const auto text = written_text(*on_path.text);
      const std::string changed = TRY(replace_in_text(
          text.value_or(""), path.steps().subspan(on_path.steps), copied, options.create, limits_));
      TRY(set_scalar_text(*on_path.text, changed));
      return spend(*on_path.text, on_path.steps);
    }
    const bool creates = options.create == CreateField::yes;
    const MatchRules rules{.made = creates ? copied.leaf() : MadeLeaf::nothing,
                           .printed = printed_element};
    const std::vector<Value*> fields = TRY(match_fields(object, path.steps(), rules));
    if (fields.empty()) {
      return fail(ErrorKind::invalid, creates ? "the field is not there and can't be made"
                                              : "the field is not there; options.create makes it");
    }
    for (Value* field : fields) {
      TRY(put_value(*field, copied, options));
      TRY(spend(*field, path.steps().size()));
    }
    return {};
  }

  Result<void> spend(const Value& value, std::size_t depth) {
    const Extent extent = extent_of(value);
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
