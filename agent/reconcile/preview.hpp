// SPDX-License-Identifier: Apache-2.0
// Preview: what a pass would change, down to the fields, found by server-side dry runs, in all
// Kustomizations of the graph. Writes nothing. What `primocane plan` shows.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/difference.hpp"
#include "plan/plan.hpp"
#include "reconcile/pass.hpp"
#include "reconcile/previewed_graph.hpp"
#include "report/status.hpp"

#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// One change with what it would do to the live object's fields.
struct PreviewedChange {
  ResourceId id;
  Action action = Action::create;
  std::string reason;
  KustomizationName kustomization;
  std::vector<Difference> fields;  ///< values of Secrets and of what is confidential are masked;
                                   ///< empty for create and remove
  std::optional<Error> error;      ///< why the server would refuse it
};

struct Preview {
  std::vector<PreviewedChange> changes;
  std::vector<Refusal> refusals;
  std::vector<Problem> problems;  ///< Kustomizations that can't be followed, and why
  PrunePlan prune;
  std::uint64_t unchanged = 0;
};

/// Previews a pass. Objects that are as Git says are compared by dry run as well, because without
/// the agent's index it is not known what was last written. An error where the root can't be
/// rendered: a pass leaves the cluster alone then. What HelmReleases have in the cluster stays:
/// which charts and values they come to is the agent's to find out.
Task<Result<Preview>> preview(PreviewParts parts, PassSettings settings);

}  // namespace primocane
