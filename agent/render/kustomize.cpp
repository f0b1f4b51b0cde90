// SPDX-License-Identifier: Apache-2.0
#include "render/kustomize.hpp"

#include "document/written_scalar.hpp"
#include "render/build_metadata.hpp"
#include "render/builder.hpp"
#include "render/content_hash.hpp"
#include "render/default_field_specs.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/legacy_order.hpp"
#include "render/name_references.hpp"
#include "render/vars.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// An object that is there for tools on the way, not for a cluster
// (api/resource/factory.go, DropLocalNodes).
bool is_local(const Draft& draft) {
  const Value* mark =
      draft.object.find("metadata", "annotations", "config.kubernetes.io/local-config");
  return mark != nullptr && written_text(*mark) != "false";
}

// What kustomize keeps its own notes in and takes out at the end (api/resource/resource.go,
// BuildAnnotations). Our notes are elsewhere, but these may stand in a file. Two are printed if
// `buildMetadata` asks for them.
bool is_note(std::string_view annotation, const BuildMetadata& asked) {
  if (annotation == "config.kubernetes.io/origin") return !asked.origin_annotations;
  if (annotation == "alpha.config.kubernetes.io/transformations")
    return !asked.transformer_annotations;
  constexpr std::array<std::string_view, 3> others = {
      "config.k8s.io/id", "config.kubernetes.io/index", "config.kubernetes.io/path"};
  return annotation.starts_with("internal.config.kubernetes.io/") ||
         std::ranges::find(others, annotation) != others.end();
}

void drop_notes(Draft& draft, const BuildMetadata& asked) {
  make_texts(draft, "annotations");
  Value* const metadata = draft.object.as_object()->find("metadata");
  if (metadata == nullptr || !metadata->is_object()) return;
  Value* const annotations = metadata->as_object()->find("annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  Object kept;
  for (auto& [key, value] : *annotations->as_object()) {
    if (!is_note(key, asked)) kept.append(key, std::move(value));
  }
  if (kept.empty()) {
    metadata->as_object()->erase("annotations");
  } else {
    *annotations = std::move(kept);
  }
}

// A patch may have taken away what makes an object (DropLocalNodes, GetValidatedMetadata).
Result<void> require_identity(const Draft& draft) {
  if (draft.id.kind.kind.empty()) return invalid_draft(draft, "has no kind any more");
  if (draft.id.name.empty() && !draft.id.kind.kind.ends_with("List")) {
    return invalid_draft(draft, "has no metadata.name any more");
  }
  return {};
}

// The orders of the kustomization and of the caller (krusty/kustomizer.go, applySortOrder).
void sort_drafts(std::vector<Draft>& drafts, const Built& built, Reorder reorder) {
  if (built.root.sort_options) {
    if (built.root.sort_options->legacy) sort_legacy(drafts, *built.root.sort_options->legacy);
  } else if (reorder == Reorder::legacy) {
    sort_legacy(drafts, default_kind_order());
  }
}

}  // namespace

Result<std::vector<Draft>> build_folder(const SourceTree& tree, RemoteTrees& remotes,
                                        const RelativePath& folder, const BuildOptions& options) {
  Built built = TRY(Builder(tree, remotes, options).build(folder));
  std::vector<Draft>& drafts = built.gathered.drafts;
  TRY(add_hashes(drafts));
  TRY(fix_name_references(drafts, built.gathered.config->name_references));
  // A var that nothing uses is a line in kustomize's log.
  TRY(resolve_vars(drafts, built.gathered.vars, built.gathered.config->var_references));
  for (const Draft& draft : drafts) TRY(require_identity(draft));
  std::erase_if(drafts, is_local);
  sort_drafts(drafts, built, options.reorder);
  const BuildMetadata& asked = built.root.build_metadata;
  if (asked.managed_by_label) {
    TRY(set_pairs(drafts, {{"app.kubernetes.io/managed-by", "kustomize-v5.8.1"}},
                  metadata_label_specs()));
  }
  for (Draft& draft : drafts) drop_notes(draft, asked);
  return std::move(drafts);
}

}  // namespace primocane
