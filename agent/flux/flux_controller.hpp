// SPDX-License-Identifier: Apache-2.0
// Flux's own programs in a cluster, as far as they write what an agent like this one writes: which
// Deployments they are, whether they run, and which of them it can't work beside. Pure functions
// over objects.
#pragma once

#include "document/value.hpp"
#include "resource/resource_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// In the order in which they have to be stopped.
enum class FluxProgram : std::uint8_t {
  flux_operator,  ///< starts the others again
  kustomize_controller,
  helm_controller,
};

/// Label selectors that together find the Deployments of all of them: what `flux install` and
/// flux-operator write (flux2, pkg/manifestgen/install; flux-operator, config/manager).
inline constexpr std::array<std::string_view, 2> flux_program_selectors{
    "app.kubernetes.io/part-of=flux", "app.kubernetes.io/name=flux-operator"};

/// Which of them the Deployment is that was found by those selectors, by its metadata; nothing for
/// one that writes only what is Flux's own. Shards (kustomize-controller-shard1) count.
[[nodiscard]] std::optional<FluxProgram> flux_program_of(const Value& deployment);

/// Whether a Deployment (the whole object) is to have pods or still has some.
[[nodiscard]] bool has_pods(const Value& deployment);

/// One that has pods.
struct RunningFlux {
  FluxProgram program = FluxProgram::kustomize_controller;
  ResourceId deployment;

  bool operator==(const RunningFlux&) const = default;
};

/// Whether there are HelmReleases to act upon; without them the helm-controller fights nobody.
enum class HelmReleasesInGit : std::uint8_t { no, yes };

/// The one that has to be stopped first so that nobody fights, or null.
[[nodiscard]] const RunningFlux* find_rival(std::span<const RunningFlux> running,
                                            HelmReleasesInGit releases);

/// What is wrong with it, and what to do.
[[nodiscard]] std::string describe_rival(const RunningFlux& rival);

}  // namespace primocane
