// SPDX-License-Identifier: Apache-2.0
// The order in which objects are applied: Flux's stages and its order of kinds within a stage
// (fluxcd/pkg ssa/manager_apply.go, ssa/sort.go).
#pragma once

#include "resource/resource_id.hpp"

#include <cstdint>
#include <string_view>

namespace primocane {

/// The stages of an apply, in order. The objects of `foundations` must be established before the
/// next stage starts.
enum class StageKind : std::uint8_t {
  foundations,  ///< CustomResourceDefinition, Namespace, ClusterRole
  classes,      ///< every kind whose name ends in "Class"
  objects,      ///< all else
};

[[nodiscard]] StageKind stage_of(const GroupKind& group_kind);
[[nodiscard]] std::string_view to_string(StageKind stage);

/// Strict weak order within a stage: Flux's rank of kinds, then identity.
[[nodiscard]] bool applies_before(const ResourceId& a, const ResourceId& b);

}  // namespace primocane
