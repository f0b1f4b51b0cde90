// SPDX-License-Identifier: Apache-2.0
#include "render/render_desired.hpp"

#include "render/unserved_kinds.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

namespace primocane {

Result<std::vector<Resource>> as_resources(std::vector<Draft> drafts) {
  std::vector<Resource> resources;
  resources.reserve(drafts.size());
  std::map<ResourceId, Origin> places;
  for (Draft& draft : drafts) {
    Resource resource = TRY(Resource::make(std::move(draft.object), std::move(draft.origin)));
    ResourceId id = resource.id;
    id.namespace_name = effective_namespace(draft.id);
    const auto [known, is_new] = places.emplace(std::move(id), resource.origin);
    if (!is_new) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: {} is defined twice, also at {}", to_string(resource.origin),
                              to_string(resource.id), to_string(known->second)));
    }
    resources.push_back(std::move(resource));
  }
  return resources;
}

BuildOptions options_of(const RenderRequest& request) {
  return {.limits = {.document = request.limits, .objects_max = request.objects_max},
          .load_restrictor = request.load_restrictor,
          .reorder = request.reorder};
}

Result<std::uint64_t> render_desired(const SourceTree& tree, RemoteTrees& remotes,
                                     const RenderRequest& request,
                                     const std::function<void(const DesiredObject&)>& take) {
  Result<std::vector<Draft>> drafts =
      build_folder(tree, remotes, request.path, options_of(request));
  if (!remotes.is_complete()) return fail(ErrorKind::unavailable, "not all that is remote is here");
  if (!drafts) return std::unexpected(std::move(drafts).error());
  std::vector<Resource> resources = TRY(as_resources(std::move(*drafts)));
  TRY(refuse_unserved_kinds(resources));
  for (Resource& resource : resources) take(TRY(make_desired(std::move(resource), request.name)));
  return resources.size();
}

}  // namespace primocane
