// SPDX-License-Identifier: Apache-2.0
// How an object stands, out of what the agent remembers. Pure functions.
#pragma once

#include "reconcile/kustomization_state.hpp"
#include "report/explanation.hpp"
#include "resource/desired.hpp"
#include "resource/resource_id.hpp"

#include <string>

namespace primocane {

struct ExplainParts;

struct ObjectStanding {
  ObjectState state = ObjectState::as_git_says;
  std::string detail{};  ///< what is to be said about it, or ""
};

/// Of an object that the Kustomization of `state` desires.
[[nodiscard]] ObjectStanding standing_of(const DesiredObject& desired,
                                         const KustomizationState& state,
                                         const ExplainParts& parts);

/// Of one of Flux's own objects that is followed.
[[nodiscard]] ObjectStanding standing_of_followed(const ResourceId& id, const ExplainParts& parts);

}  // namespace primocane
