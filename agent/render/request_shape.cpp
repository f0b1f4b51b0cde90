// SPDX-License-Identifier: Apache-2.0
#include "render/request_shape.hpp"

#include "render/kustomization_file.hpp"

namespace primocane {

std::optional<TreeShape> request_shape(const SourceTree& whole, const RenderRequest& request) {
  const bool is_decided = request.shape && request.shape->defaults == IgnoreDefaults::yes;
  if (is_decided) return request.shape;
  // What is wrong with it the build tells.
  const auto file = find_kustomization_file(whole, request.path);
  if (!file || *file) return request.shape;
  TreeShape shape = request.shape.value_or(TreeShape());
  shape.defaults = IgnoreDefaults::yes;
  return shape;
}

}  // namespace primocane
