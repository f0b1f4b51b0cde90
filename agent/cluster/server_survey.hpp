// SPDX-License-Identifier: Apache-2.0
// ServerSurvey: what a person wants to know of an API server before relying on it. Only reads.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/kubeconfig.hpp"

#include <string>
#include <vector>

namespace primocane {

/// A set that some primocane applies, by its parent.
struct SeenSet {
  std::string kustomization;  ///< "primocane-system/root"
  std::string revision;       ///< "main@sha1:<commit>"

  bool operator==(const SeenSet&) const = default;
};

struct ServerSurvey {
  std::string version;  ///< "v1.33.4+k3s1"
  /// What the agent needs and the server says no to: "create namespaces", "patch configmaps in
  /// primocane-system", "delete all kinds".
  std::vector<std::string> refused;
  bool is_essential_refused = false;  ///< no pass gets anywhere without some of that
  std::vector<std::string> kinds;     ///< that are served: "Application.argoproj.io"
  /// Deployments and StatefulSets that want at least one Pod: "flux-system/source-controller".
  std::vector<std::string> workloads;
  std::vector<SeenSet> sets;
  std::vector<Error> unseen;  ///< what of the three above could not be looked at
};

/// Asks the server of `access`. An error where it does not answer, or not to us; what is refused
/// beyond that is in the answer. No request takes longer than ten seconds, and after one that had
/// no answer no other is sent. Lives on the loop's thread; `loop` outlives it.
Task<Result<ServerSurvey>> survey_server(EventLoop& loop, ClusterAccess access,
                                         FileReader read_file);

}  // namespace primocane
