// SPDX-License-Identifier: Apache-2.0
// FluxMove: the single steps of a move from Flux and back, as data, and what each writes. Pure
// functions over objects; a step that was made is none any more.
#pragma once

#include "document/value.hpp"
#include "resource/resource_id.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Ours, on what Flux shall find again as it was: spec.suspend and spec.replicas before.
inline constexpr std::string_view adopted_suspend_annotation{"primocane.dev/suspend-before-adopt"};
inline constexpr std::string_view adopted_replicas_annotation{
    "primocane.dev/replicas-before-adopt"};
/// What kustomize-controller's fields are managed by.
inline constexpr std::string_view flux_manager{"kustomize-controller"};

/// In the order in which they are made.
enum class MoveAction : std::uint8_t {
  suspend,    ///< a Kustomization or HelmRelease, so that nothing of Flux's acts upon it
  stop,       ///< a Deployment of Flux's, until it has no pods
  take_over,  ///< the fields that kustomize-controller applied
  unmanage,   ///< a HelmChart that stands for a HelmRelease: the Helm controller leaves it alone
  drop,       ///< a Secret of such a HelmChart: deleted
  let_go,     ///< such a HelmChart: deleted, its release stays
  give_back,  ///< the fields that primocane applied, and the mark of its set
  forget,     ///< the parent of a set: deleted
  start,      ///< a Deployment, with the replicas that it had
  resume,     ///< what was suspended
};

/// "suspend", "take over", ...
[[nodiscard]] std::string_view to_string(MoveAction action);

struct FluxMove {
  MoveAction action = MoveAction::suspend;
  ResourceId id;
  std::string of;  ///< the Kustomization whose object it is, or ""

  bool operator==(const FluxMove&) const = default;
};

/// What has to be done, or was.
struct MovePlan {
  std::vector<std::string> obstacles;  ///< nothing is done as long as there are any
  std::vector<std::string> notes;      ///< what is good to know
  std::vector<FluxMove> moves;
  /// How many objects each Kustomization has that belong to it.
  std::map<std::string, std::size_t> objects;

  bool operator==(const MovePlan&) const = default;
};

/// The JSON Patch by which `action` changes `object` (of take_over and give_back the metadata will
/// do), or nothing where that has been done. drop, let_go and forget are no patches.
[[nodiscard]] std::optional<std::string> patch_of(MoveAction action, const Value& object);

}  // namespace primocane
