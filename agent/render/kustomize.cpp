// SPDX-License-Identifier: Apache-2.0
#include "render/kustomize.hpp"

#include "render/builder.hpp"
#include "render/legacy_order.hpp"
#include "render/name_references.hpp"

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
  return mark != nullptr && *mark != Value("false");
}

// What kustomize keeps its own notes in and takes out at the end (api/resource/resource.go,
// BuildAnnotations). Our notes are elsewhere, but these may stand in a file.
bool is_note(std::string_view annotation) {
  constexpr std::array<std::string_view, 5> others = {
      "alpha.config.kubernetes.io/transformations", "config.k8s.io/id",
      "config.kubernetes.io/index", "config.kubernetes.io/origin", "config.kubernetes.io/path"};
  return annotation.starts_with("internal.config.kubernetes.io/") ||
         std::ranges::find(others, annotation) != others.end();
}

void drop_notes(Value& object) {
  Value* metadata_value = object.as_object()->find("metadata");
  if (metadata_value == nullptr || !metadata_value->is_object()) return;
  Object& metadata = *metadata_value->as_object();
  Value* annotations = metadata.find("annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  Object kept;
  for (auto& [key, value] : *annotations->as_object()) {
    if (!is_note(key)) kept.append(key, std::move(value));
  }
  if (kept.empty()) {
    metadata.erase("annotations");
  } else {
    *annotations = std::move(kept);
  }
}

}  // namespace

Result<std::vector<Draft>> build_folder(const SourceTree& tree, RemoteTrees& remotes,
                                        const RelativePath& folder, const BuildOptions& options) {
  Accumulation built = TRY(Builder(tree, remotes, options).build(folder));
  TRY(fix_name_references(built.drafts, built.config->name_references));
  std::erase_if(built.drafts, is_local);
  if (options.reorder == Reorder::legacy) sort_legacy(built.drafts, default_kind_order());
  for (Draft& draft : built.drafts) drop_notes(draft.object);
  return std::move(built.drafts);
}

}  // namespace primocane
