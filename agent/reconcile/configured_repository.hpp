// SPDX-License-Identifier: Apache-2.0
// What the object of the configured repository says in Git, where that is something else than what
// the configuration says.
#pragma once

#include "base/error.hpp"
#include "flux/git_repository_spec.hpp"
#include "reconcile/graph.hpp"

#include <vector>

namespace primocane {

/// What `spec`, of the object that stands for the repository `configured`, says and does not
/// count: another repository or ref, and that it is suspended. Each names the field and what counts
/// instead. Another way to a repository of the same path, by ssh or by https say, is no difference.
[[nodiscard]] std::vector<Error> differences_from(const ConfiguredRepository& configured,
                                                  const GitRepositorySpec& spec);

}  // namespace primocane
