// SPDX-License-Identifier: Apache-2.0
#include "render/patches.hpp"

#include "base/trimmed.hpp"
#include "render/object_file.hpp"
#include "render/patch_node.hpp"
#include "render/patched_object.hpp"
#include "render/shared_texts.hpp"
#include "render/strategic_merge.hpp"
#include "render/unique_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// The text of a patch, and where it stands.
struct PatchText {
  std::string text;
  std::string name;
};

// `text` is that of the rule itself; a rule names a file instead, if it has none.
Result<PatchText> text_of(const PatchRule& rule, std::string_view text, const FileLoader& loader,
                          const std::string& place) {
  if (rule.path.empty() && text.empty()) {
    return fail(ErrorKind::invalid, place + ": a patch needs \"patch\" or \"path\"");
  }
  if (!rule.path.empty() && !text.empty()) {
    return fail(ErrorKind::invalid, place + ": a patch has either \"patch\" or \"path\", not both");
  }
  if (rule.path.empty()) return PatchText{.text = std::string(text), .name = place + ": patch"};
  auto loaded = loader.load(rule.path);
  if (!loaded) return std::unexpected(with_context(place, std::move(loaded).error()));
  return PatchText{.text = std::move(*loaded), .name = rule.path};
}

LoadedPatch loaded_from(const PatchRule& rule, const FileLoader& loader, std::string place) {
  return {.merges = {},
          .json = {},
          .target = rule.target,
          .allow_name_change = rule.allow_name_change,
          .allow_kind_change = rule.allow_kind_change,
          .place = std::move(place),
          .limits = loader.limits()};
}

// kustomize notes in the annotations of a patch that it may change names or kinds, and takes them
// through a map of strings by that.
void mark(Draft& patch) { make_texts(patch, "annotations"); }

std::vector<Draft> non_empty(std::vector<Draft> drafts) {
  std::erase_if(drafts, [](const Draft& draft) { return draft.object.as_object()->empty(); });
  return drafts;
}

bool had_name(const Draft& draft, std::string_view name) {
  return draft.id.name == name ||
         std::ranges::any_of(draft.previous, [&](const PreviousId& id) { return id.name == name; });
}

// The one draft that a patch without a target means, by any identity that it had or has.
Result<Draft*> find_target(std::vector<Draft>& drafts, const Draft& patch,
                           const std::string& place) {
  const DraftId wanted = original_id(patch);
  Draft* found = nullptr;
  for (Draft& draft : drafts) {
    // One that an earlier patch has deleted is empty until all are applied.
    const bool may_be =
        had_name(draft, wanted.name) && draft.id.kind.version == wanted.kind.version &&
        draft.id.kind.group == wanted.kind.group && !draft.object.as_object()->empty();
    if (!may_be || !any_id(draft, [&](const DraftId& id) { return id == wanted; })) continue;
    if (found != nullptr) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: patch {} may mean {} ({}) or {} ({}): give it a target", place,
                              to_string(patch.id), to_string(found->id), to_string(found->origin),
                              to_string(draft.id), to_string(draft.origin)));
    }
    found = &draft;
  }
  if (found != nullptr) return found;
  return fail(
      ErrorKind::invalid,
      fmt::format("{}: no object is what patch {} of {} ({}) means", place, to_string(patch.id),
                  to_string(ApiVersion{wanted.kind.group, wanted.kind.version}),
                  to_string(patch.origin)));
}

// What kustomize sets back after a merge (api/resource/resource.go, ApplySmPatch).
void restore_identity(Draft& draft, const DraftId& before, const LoadedPatch& patch) {
  if (!patch.allow_kind_change) draft.object.as_object()->set("kind", before.kind.kind);
  Object& metadata = metadata_of(draft);
  if (!patch.allow_name_change) metadata.set("name", before.name);
  if (before.namespace_name.empty()) {
    metadata.erase("namespace");
  } else {
    metadata.set("namespace", before.namespace_name);
  }
  read_id(draft);
}

// kustomize's notes on an object (its former names, whether its name needs a hash) are annotations:
// a merge that takes all annotations takes the notes as well. JSON patches leave them.
void forget_notes(Draft& draft) {
  draft.previous.clear();
  draft.prefixes.clear();
  draft.suffixes.clear();
  draft.behavior = GeneratorBehavior::unspecified;
  draft.needs_hash = false;
}

bool takes_all_fields(const Value& mapping) {
  const std::string_view directive = mapping.text_at("$patch");
  return directive == "delete" || directive == "replace";
}

bool takes_annotations(const Value& merge) {
  const Value* metadata = merge.find("metadata");
  if (metadata == nullptr) return false;
  if (takes_all_fields(*metadata)) return true;
  const Value* annotations = metadata->find("annotations");
  if (annotations == nullptr) return false;
  return is_missing_or_null(annotations) || takes_all_fields(*annotations);
}

Result<void> merge_into(Draft& draft, Value merge, const LoadedPatch& patch,
                        const PatchSchema& schema) {
  const DraftId before = draft.id;
  if (patch.allow_name_change || patch.allow_kind_change) store_previous_id(draft);
  const bool takes_notes = takes_annotations(merge);
  auto merged = strategic_merge(draft.object, std::move(merge), schema);
  if (!merged) {
    return std::unexpected(with_context(
        fmt::format("{}: {} ({})", patch.place, to_string(before), to_string(draft.origin)),
        std::move(merged).error()));
  }
  if (*merged == MergeOutcome::deleted) draft.object = Object();
  if (draft.object.as_object()->empty()) return {};
  restore_identity(draft, before, patch);
  if (takes_notes) forget_notes(draft);
  return follow_shared_texts(draft);
}

std::string_view file_of(const LoadedPatch& patch) {
  return std::string_view(patch.place).substr(0, patch.place.rfind(':'));
}

Result<std::vector<Draft*>> select(std::vector<Draft>& drafts, const LoadedPatch& patch) {
  const TargetSelector selector = TRY(TargetSelector::make(*patch.target, file_of(patch)));
  std::vector<Draft*> selected;
  for (Draft& draft : drafts) {
    const auto found = is_selected(selector, draft);
    if (!found) return std::unexpected(with_context(patch.place, Error(found.error())));
    if (*found) selected.push_back(&draft);
  }
  return selected;
}

// kustomize takes the metadata of the patch through maps of strings on this way, but not where a
// patch of `patches` finds its target by itself: a null deletes there only.
Value as_text_maps(Draft patch) {
  make_texts(patch, "labels");
  make_texts(patch, "annotations");
  return std::move(patch.object);
}

// As resmap.ApplySmPatch: the apiVersion is the object's whatever the patch says.
Result<void> merge_into_selected(std::vector<Draft>& drafts, const LoadedPatch& patch,
                                 const PatchSchema& schema) {
  if (patch.merges.size() > 1) {
    return fail(ErrorKind::invalid,
                patch.place + ": a patch with a target is one object, not several");
  }
  const std::vector<Draft*> selected = TRY(select(drafts, patch));
  for (Draft* draft : selected) {
    Value merge = as_text_maps(patch.merges.front());
    if (const Value* version = draft->object.find("apiVersion"); version != nullptr) {
      merge.as_object()->set("apiVersion", *version);
    } else {
      merge.as_object()->erase("apiVersion");
    }
    TRY(merge_into(*draft, std::move(merge), patch, schema));
  }
  return {};
}

// kustomize's notes are annotations of the object; ours are elsewhere.
HiddenAnnotations hidden_annotations(const Draft& draft) {
  const bool has_notes = !draft.previous.empty() || !draft.prefixes.empty() ||
                         !draft.suffixes.empty() || draft.needs_hash ||
                         draft.behavior != GeneratorBehavior::unspecified;
  return has_notes ? HiddenAnnotations::present : HiddenAnnotations::none;
}

Result<void> apply_json(std::vector<Draft>& drafts, const LoadedPatch& patch) {
  if (!patch.target) {
    return fail(ErrorKind::invalid, patch.place + ": a JSON patch needs a target");
  }
  const std::vector<Draft*> selected = TRY(select(drafts, patch));
  for (Draft* draft : selected) {
    if (patch.stores_ids) store_previous_id(*draft);
    auto patched =
        patch_object(draft->object, *patch.json, hidden_annotations(*draft), patch.limits);
    if (!patched) {
      return std::unexpected(with_context(
          fmt::format("{}: {} ({})", patch.place, to_string(draft->id), to_string(draft->origin)),
          std::move(patched).error()));
    }
    read_id(*draft);
    // kustomize has written the object and read it again.
    draft->shared_texts.clear();
  }
  return {};
}

Result<void> require_unique(const std::vector<Draft>& drafts, const LoadedPatch& patch) {
  UniqueIds ids;
  for (const Draft& draft : drafts) {
    if (auto added = ids.add(draft); !added) {
      return std::unexpected(with_context(patch.place, std::move(added).error()));
    }
  }
  return {};
}

}  // namespace

Result<PatchRule> read_patch_rule(const Value& item, const FieldReader& reader) {
  const Object read = TRY(reader.fields(item, "a patch", {"path", "patch", "target", "options"}));
  PatchRule rule;
  rule.line = item.line();
  rule.path = TRY(reader.text_of(read, "path"));
  rule.patch = TRY(reader.text_of(read, "patch"));
  if (const Value* target = read.find("target"); target != nullptr) {
    rule.target = TRY(read_selector(*target, reader));
  }
  if (const Value* options = read.find("options"); options != nullptr) {
    const Object flags =
        TRY(reader.fields(*options, "options of a patch", {"allowNameChange", "allowKindChange"}));
    rule.allow_name_change = TRY(reader.flag_of(flags, "allowNameChange"));
    rule.allow_kind_change = TRY(reader.flag_of(flags, "allowKindChange"));
  }
  return rule;
}

// PatchTransformer.go, Config.
Result<LoadedPatch> load_patch(const PatchRule& rule, const FileLoader& loader, std::string place) {
  const PatchText patch = TRY(text_of(rule, trimmed(rule.patch), loader, place));
  LoadedPatch loaded = loaded_from(rule, loader, std::move(place));
  loaded.stores_ids = true;
  Result<std::vector<Draft>> merges = read_objects(patch.text, patch.name, loader.limits());
  Result<JsonPatch> json = read_json_patch(patch.text, patch.name, loader.limits());
  if (merges && json && !merges->empty() && !json->operations.empty()) {
    return fail(ErrorKind::invalid,
                loaded.place + ": is a strategic merge patch and a JSON patch at once");
  }
  if (merges) {
    loaded.merges = non_empty(std::move(*merges));
    const bool is_marked = rule.allow_name_change || rule.allow_kind_change;
    if (is_marked) std::ranges::for_each(loaded.merges, mark);
    return loaded;
  }
  if (json) {
    loaded.json = std::move(*json);
    return loaded;
  }
  const std::string_view trimmed_text = trimmed(patch.text);
  const bool looks_like_json_patch =
      trimmed_text.starts_with('[') ||
      (trimmed_text.starts_with('-') && !trimmed_text.starts_with("---"));
  Error error = looks_like_json_patch ? std::move(json).error() : std::move(merges).error();
  // What stands in the kustomization itself has its place already.
  if (rule.path.empty()) return std::unexpected(std::move(error));
  return std::unexpected(with_context(loaded.place, std::move(error)));
}

// PatchJson6902Transformer.go, Config.
Result<LoadedPatch> load_json_patch(const PatchRule& rule, const FileLoader& loader,
                                    std::string place) {
  if (!rule.target || rule.target->name.empty()) {
    return fail(ErrorKind::invalid, place + ": a JSON patch needs a target with a name");
  }
  const PatchText patch = TRY(text_of(rule, rule.patch, loader, place));
  LoadedPatch loaded = loaded_from(rule, loader, std::move(place));
  loaded.json = TRY(read_json_patch(patch.text, patch.name, loader.limits()));
  if (loaded.json->operations.empty()) {
    return fail(ErrorKind::invalid, loaded.place + ": the patch is empty");
  }
  return loaded;
}

Result<LoadedPatch> read_merge_patches(std::string_view text, const FileLoader& loader,
                                       std::string place) {
  LoadedPatch loaded;
  loaded.takes_text_maps = true;
  loaded.place = std::move(place);
  loaded.merges = non_empty(TRY(read_objects(text, loaded.place + ": patch", loader.limits())));
  return loaded;
}

Result<LoadedPatch> load_merge_patches(std::string_view item, const FileLoader& loader,
                                       std::string place) {
  LoadedPatch loaded;
  loaded.takes_text_maps = true;
  loaded.place = std::move(place);
  // As in kustomize: whatever is no text of objects is a path.
  const std::string name = loaded.place + ": patch";
  auto inline_patches = read_objects(item, name, loader.limits());
  if (inline_patches) {
    loaded.merges = non_empty(std::move(*inline_patches));
    return loaded;
  }
  if (item.find('\n') != std::string_view::npos) {
    return std::unexpected(std::move(inline_patches).error());
  }
  auto text = loader.load(item);
  if (!text) return std::unexpected(with_context(loaded.place, std::move(text).error()));
  loaded.merges = non_empty(TRY(read_objects(*text, std::string(item), loader.limits())));
  return loaded;
}

Result<bool> is_selected(const TargetSelector& selector, const Draft& draft) {
  const DraftId original = original_id(draft);
  return selector.selects({.current = {.group = draft.id.kind.group,
                                       .version = draft.id.kind.version,
                                       .kind = draft.id.kind.kind,
                                       .name = draft.id.name,
                                       .namespace_name = effective_namespace(draft.id)},
                           .original_name = original.name,
                           .original_namespace = original.namespace_name,
                           .marks = {.labels = draft.object.find("metadata", "labels"),
                                     .annotations = draft.object.find("metadata", "annotations")}});
}

Result<void> apply_patch(std::vector<Draft>& drafts, const LoadedPatch& patch,
                         const PatchSchema& schema) {
  if (patch.json) {
    TRY(apply_json(drafts, patch));
  } else if (patch.target) {
    if (patch.merges.empty()) return {};
    TRY(merge_into_selected(drafts, patch, schema));
    std::erase_if(drafts, [](const Draft& draft) { return draft.object.as_object()->empty(); });
    return require_unique(drafts, patch);
  } else {
    for (const Draft& merge : patch.merges) {
      Draft* const target = TRY(find_target(drafts, merge, patch.place));
      Value object = patch.takes_text_maps ? as_text_maps(merge) : merge.object;
      TRY(merge_into(*target, std::move(object), patch, schema));
    }
  }
  std::erase_if(drafts, [](const Draft& draft) { return draft.object.as_object()->empty(); });
  return {};
}

}  // namespace primocane
