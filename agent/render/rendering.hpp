// SPDX-License-Identifier: Apache-2.0
// Rendering: what a folder comes to, divided into what is applied and what is followed.
#pragma once

#include "resource/desired.hpp"
#include "resource/resource.hpp"
#include "resource/resource_id.hpp"

#include <variant>
#include <vector>

namespace primocane {

struct Rendering {
  std::vector<DesiredObject> objects;  ///< to be applied
  std::vector<Resource> flux_objects;  ///< Flux's: followed, never applied
  std::vector<ResourceId> not_served;  ///< of other kinds of Flux's: taken out
};

/// One object of a rendering on its way: each alternative is a list of Rendering.
using RenderedObject = std::variant<DesiredObject, Resource, ResourceId>;

}  // namespace primocane
