// SPDX-License-Identifier: Apache-2.0
#include "render/render_desired.hpp"

#include "render/unserved_kinds.hpp"

#include <utility>
#include <vector>

namespace primocane {

RenderLimits limits_of(const RenderRequest& request) {
  return {.document = request.limits, .objects_max = request.objects_max};
}

Result<std::uint64_t> render_desired(const SourceTree& tree, const RenderRequest& request,
                                     const std::function<void(const DesiredObject&)>& take) {
  std::vector<Resource> resources = TRY(build_folder(tree, request.path, limits_of(request)));
  TRY(refuse_unserved_kinds(resources));
  for (Resource& resource : resources) take(TRY(make_desired(std::move(resource), request.name)));
  return resources.size();
}

}  // namespace primocane
