// SPDX-License-Identifier: Apache-2.0
#include "render/kustomize.hpp"

#include "render/builder.hpp"
#include "render/draft.hpp"
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
bool is_local(const Resource& resource) {
  const Value* mark =
      resource.object.find("metadata", "annotations", "config.kubernetes.io/local-config");
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
  Object& metadata = *object.as_object()->find("metadata")->as_object();
  const Value* annotations = metadata.find("annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  Object kept;
  for (const auto& [key, value] : *annotations->as_object()) {
    if (!is_note(key)) kept.append(key, value);
  }
  if (kept.empty()) {
    metadata.erase("annotations");
  } else {
    metadata.set("annotations", std::move(kept));
  }
}

}  // namespace

Result<std::vector<Resource>> build_folder(const SourceTree& tree, const RelativePath& folder,
                                           const RenderLimits& limits) {
  std::vector<Draft> drafts = TRY(Builder(tree, limits).build(folder));
  TRY(fix_name_references(drafts));
  std::vector<Resource> resources;
  resources.reserve(drafts.size());
  for (Draft& draft : drafts) {
    if (is_local(draft.resource)) continue;
    drop_notes(draft.resource.object);
    // Once more, because a transformer may have made a name too long, say.
    resources.push_back(
        TRY(Resource::make(std::move(draft.resource.object), std::move(draft.resource.origin))));
  }
  sort_legacy(resources);
  return resources;
}

}  // namespace primocane
