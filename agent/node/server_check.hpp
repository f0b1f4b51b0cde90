// SPDX-License-Identifier: Apache-2.0
// What the API server answered: its version, what we may do there, and who else is at work.
#pragma once

#include "node/finding.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// `version` as the server tells it: "v1.33.4+k3s1". `server` is its URL.
[[nodiscard]] Finding examine_server_version(std::string_view version, std::string_view server);

/// `missing` is what the agent's identity may not do: "delete all kinds".
[[nodiscard]] Finding examine_rights(const std::vector<std::string>& missing,
                                     bool is_essential_missing);

/// Other GitOps tools, by the `workloads` that are switched on ("flux-system/source-controller")
/// and by the `kinds` that are served ("Kustomization.kustomize.toolkit.fluxcd.io"): a finding for
/// each that is there, or one that says that none is.
[[nodiscard]] std::vector<Finding> examine_other_tools(const std::vector<std::string>& workloads,
                                                       const std::vector<std::string>& kinds);

/// What is known of the agent of this node.
struct OwnTraces {
  std::string kustomization;  ///< the set that it applies: "primocane-system/root"
  std::string branch;
  bool has_run = false;  ///< an agent runs here, or one has left its state
};

/// Whether the set `kustomization`, applied at `revision` ("main@sha1:<commit>"), is another
/// agent's than that of this node: then the finding.
[[nodiscard]] std::optional<Finding> examine_set(std::string_view kustomization,
                                                 std::string_view revision, const OwnTraces& own);

}  // namespace primocane
