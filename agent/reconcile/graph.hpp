// SPDX-License-Identifier: Apache-2.0
// The graph of Kustomizations: which there are, by what the renderings of others contain, and in
// which order they may run. Pure functions over the states.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"
#include "flux/kustomization_spec.hpp"
#include "reconcile/kustomization_state.hpp"
#include "resource/resource.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// More are refused: nobody has as many, and a rendering may bring any number.
inline constexpr std::size_t kustomizations_max = 1000;
/// How deep Kustomizations may contain each other.
inline constexpr std::size_t containment_depth_max = 16;

/// Something that is wrong with an object of Flux's.
struct GraphFault {
  std::string object;  ///< "GitRepository/flux-system/home"
  Error error;
};

/// What the renderings of the graph contain.
struct GraphContent {
  /// Sources and whatever else is followed but is no Kustomization; the first of each identity.
  std::map<ResourceId, Resource> objects;
  /// By whom each of `objects` is contained.
  std::map<ResourceId, KustomizationName> containers;
  /// Of Flux's kinds that are not served.
  std::vector<ResourceId> not_served;
  std::vector<GraphFault> faults;
  bool is_cut = false;  ///< there are more Kustomizations than are followed
};

/// Whether it is one of Flux's kind Kustomization.
[[nodiscard]] bool is_kustomization(const ResourceId& id);

/// The repository that the agent is configured with.
struct ConfiguredRepository {
  std::string url;
  std::string branch;
  bool is_verified = false;  ///< its commits are checked by keys that the configuration names
};

/// Whether `repository`, a GitRepository, says the configured one: of the same host, path and
/// branch, whatever its scheme.
[[nodiscard]] bool says_configured(const Value& repository, const ConfiguredRepository& configured);

/// Whether `reference` leads to the configured repository: it is `flux bootstrap`'s
/// GitRepository/flux-system/flux-system, or a GitRepository among `objects` that says it.
[[nodiscard]] bool is_configured(const SourceReference& reference,
                                 const std::map<ResourceId, Resource>& objects,
                                 const ConfiguredRepository& configured);

/// Brings `states` up to what their renderings contain, beginning at `root`: new Kustomizations
/// come, those that are in no rendering any more go, with all that only they contain. The root's
/// own Kustomization, which a folder bootstrapped by Flux holds, is no other one.
[[nodiscard]] GraphContent grow(KustomizationStates& states, const KustomizationName& root,
                                const ConfiguredRepository& configured);

/// The Kustomization in what `root` contains that stands for the root itself: of the same path in
/// the configured repository. Nothing if there is none; an error if its spec can't be followed.
[[nodiscard]] Result<std::optional<KustomizationSpec>> own_kustomization(
    const KustomizationState& root, const ConfiguredRepository& configured);

/// The Kustomizations that `rendered` contains.
[[nodiscard]] std::set<KustomizationName> names_contained_in(const RenderedSet& rendered);

/// Of the names of the Kustomizations that `rendered` contains; nothing if there are none.
[[nodiscard]] std::optional<Fingerprint> fingerprint_of_contained(const RenderedSet& rendered);

/// The object of Flux's that a source reference names.
[[nodiscard]] ResourceId source_id(const SourceReference& reference);

/// Those that depend on themselves by way of others, each with the way: "a → b → a".
[[nodiscard]] std::map<KustomizationName, std::string> dependency_cycles(
    const KustomizationStates& states);

}  // namespace primocane
