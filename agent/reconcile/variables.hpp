// SPDX-License-Identifier: Apache-2.0
// Variables: what postBuild.substitute and substituteFrom of a Kustomization come to, read from the
// cluster's ConfigMaps and Secrets.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/value.hpp"
#include "flux/kustomization_spec.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace primocane {

/// Where the value of a variable may be seen.
enum class Shown : std::uint8_t { nowhere, anywhere };

struct ReadVariables {
  std::map<std::string, std::string> values;
  std::set<std::string> confidential;  ///< the names of those that nobody is shown

  /// In place of what has that name.
  void set(const std::string& name, std::string value, Shown shown);
};

/// The variables of `spec`: those of its substituteFrom in their order, later ones over earlier
/// ones, and the inline ones over all (fluxcd/pkg, kustomize/kustomize_varsub.go). A missing object
/// that is not optional is `unavailable`.
Task<Result<ReadVariables>> read_variables(Cluster& cluster, const KustomizationSpec& spec);

/// What is under `data` of a Secret, decoded. `invalid` if something there is no base64.
[[nodiscard]] Result<std::map<std::string, std::string>> secret_content(const Value& secret);

}  // namespace primocane
