// SPDX-License-Identifier: Apache-2.0
// Pruning: which members left Git, which of them may go, and what holds the rest back.
#pragma once

#include "base/ids.hpp"
#include "plan/cluster_view.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// What becomes of Namespaces, PersistentVolumeClaims and CustomResourceDefinitions that left Git.
enum class DataKinds : std::uint8_t {
  keep,  ///< kept and reported unless allowed or confirmed
  flux,  ///< deleted as everything else, as Flux does
};

struct PruneSettings {
  std::uint64_t deletions_max = 20;  ///< of a pass over all sets
  DataKinds data_kinds = DataKinds::keep;
  std::string confirmed;  ///< hash of a list that a person confirmed, or ""
};

/// A member that left Git and is to be deleted, or let go of.
struct Removal {
  ResourceId id;
  KustomizationName kustomization;
  std::string uid;
  std::string resource_version;

  bool operator==(const Removal&) const = default;
};

/// A member that left Git and stays.
struct Kept {
  ResourceId id;
  KustomizationName kustomization;
  std::string reason;
  bool is_confirmable = false;  ///< PrunePlan::confirmation deletes it

  bool operator==(const Kept&) const = default;
};

/// Deletions that wait for a confirmation.
struct PruneRefusal {
  std::vector<ResourceId> removals;  ///< exactly what would be deleted
  std::string hash;                  ///< what confirms it
  std::string reason;

  bool operator==(const PruneRefusal&) const = default;
};

struct PrunePlan {
  /// Something left Git, but of this Kustomization it is not known what it desires: there is
  /// nothing else in the plan then.
  std::optional<KustomizationName> waits_for;
  std::vector<Removal> removals;  ///< in the order in which to delete: the reverse of applying
  std::vector<Kept> kept;
  /// Members that left a set which does not prune: they stay, and are nobody's from then on, as
  /// they leave Flux's inventory. No later rule of their set deletes them.
  std::vector<Removal> let_go;
  std::optional<PruneRefusal> refusal;
  std::vector<ResourceId> orphans;  ///< members whose label names no parent
  /// Confirms what is kept only because it may hold data, together with what `refusal` names; ""
  /// if nothing is kept for that reason. It holds as well after `removals` are carried out.
  std::string confirmation;
  bool is_confirmed = false;  ///< PruneSettings::confirmed fits what waits for a confirmation
};

/// What a plan that waits_for `name` says to people.
[[nodiscard]] std::string waiting_words(const KustomizationName& name);

/// What decides about pruning.
struct PruneInput {
  const ClusterView& view;
  const std::set<ResourceId>& desired;  ///< by any Kustomization
  /// All of the graph.
  const std::set<KustomizationName>& kustomizations;
  /// Of them those that do not prune: what left them in Git stays.
  const std::set<KustomizationName>& keeping;
  /// And those whose members stay whatever they are, and are not even let go of.
  const std::set<KustomizationName>& lasting;
  PruneSettings settings;
};

/// Plans the deletions. The caller has seen to it that every Kustomization has a desired set.
[[nodiscard]] PrunePlan plan_prune(const PruneInput& input);

}  // namespace primocane
