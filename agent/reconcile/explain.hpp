// SPDX-License-Identifier: Apache-2.0
// Explains objects out of what the agent remembers: which Kustomization desires them, where in Git
// they lie, and how they stand. Pure functions over the memory.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "report/explanation.hpp"
#include "report/status.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// More than a person reads are refused.
inline constexpr std::size_t explanations_max = 20;

/// Which objects are meant.
struct ObjectQuery {
  std::string kind;                  ///< whatever the case of its letters
  std::optional<std::string> group;  ///< any without one
  std::string name;
  std::optional<std::string> namespace_name;  ///< any without one
};

/// What is known, all borrowed.
struct ExplainParts {
  const PassMemory& memory;
  const LiveCluster* live = nullptr;  ///< null where nothing is watched
  const Status& status;
  SteadyTime now{};
};

/// An answer.
struct Explained {
  std::vector<Explanation> objects;  ///< but for what others did to them
  std::vector<std::string> near;     ///< where there are none: what may have been meant
};

/// Every object that is desired, or followed, and is meant by `query`. `invalid` for too many.
[[nodiscard]] Result<Explained> explain(const ObjectQuery& query, const ExplainParts& parts);

}  // namespace primocane
