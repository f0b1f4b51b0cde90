// SPDX-License-Identifier: Apache-2.0
// ServerSurvey: what a person wants to know of an API server before relying on it. Only reads.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/kubeconfig.hpp"
#include "resource/applyset.hpp"

#include <string>
#include <vector>

namespace primocane {

/// A right that the agent uses.
struct AccessQuestion {
  std::string verb;
  std::string group;           ///< "*" for all
  std::string resource;        ///< plural, "*" for all
  std::string namespace_name;  ///< "" for all
  bool is_essential = false;   ///< no pass gets anywhere without
};

/// "create namespaces", "patch configmaps in primocane-system", "delete all kinds".
[[nodiscard]] std::string to_string(const AccessQuestion& question);

/// A Deployment or StatefulSet.
struct Workload {
  std::string namespace_name;
  std::string name;
  bool is_switched_on = false;  ///< wants at least one Pod

  bool operator==(const Workload&) const = default;
};

struct ServerSurvey {
  std::string version;                  ///< "v1.33.4+k3s1"
  std::vector<AccessQuestion> refused;  ///< what the server answered with no
  std::vector<GroupKind> kinds;         ///< that are served
  std::vector<Workload> workloads;      ///< of all namespaces
  std::vector<Parent> parents;          ///< of sets that any primocane applies
  std::vector<Error> unseen;            ///< what of the three above could not be looked at
};

/// Asks the server of `access`. An error where it does not answer, or not to us; what is refused
/// beyond that is in the answer. Lives on the loop's thread; `loop` outlives it.
Task<Result<ServerSurvey>> survey_server(EventLoop& loop, ClusterAccess access,
                                         FileReader read_file);

}  // namespace primocane
