// SPDX-License-Identifier: Apache-2.0
// What the API server answered: its version, what we may do there, and who else is at work.
#pragma once

#include "node/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// `version` as the server tells it: "v1.33.4+k3s1". `server` is its URL.
[[nodiscard]] Finding examine_server_version(std::string_view version, std::string_view server);

/// Something that the agent's identity may not do.
struct MissingRight {
  std::string what;           ///< "delete objects of all kinds"
  bool is_essential = false;  ///< no pass gets anywhere without
};

[[nodiscard]] Finding examine_rights(const std::vector<MissingRight>& missing);

/// A Deployment or StatefulSet.
struct Controller {
  std::string namespace_name;
  std::string name;
  bool is_switched_on = false;  ///< wants at least one Pod
};

/// Other GitOps tools, by what runs and by the `kinds` that are served
/// ("Kustomization.kustomize.toolkit.fluxcd.io"): a finding for each that is there, or one that
/// says that none is.
[[nodiscard]] std::vector<Finding> examine_other_tools(const std::vector<Controller>& controllers,
                                                       const std::vector<std::string>& kinds);

/// The parent of a set that some primocane applies.
struct SetOfObjects {
  std::string kustomization;  ///< "primocane-system/root"
  std::string revision;       ///< "main@sha1:<commit>"
};

/// What is known of the agent of this node.
struct OwnTraces {
  std::string kustomization;  ///< the set that it applies
  std::string branch;
  bool has_run = false;  ///< an agent runs here, or one has left its state
};

/// Whether sets are those of the agent here, or of another one.
[[nodiscard]] std::vector<Finding> examine_sets(const std::vector<SetOfObjects>& sets,
                                                const OwnTraces& own);

}  // namespace primocane
