// SPDX-License-Identifier: Apache-2.0
// KustomizationSpec: what an object of Flux's kind Kustomization says (kustomize.toolkit.fluxcd.io;
// kustomize-controller, api/v1/kustomization_types.go).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"
#include "expression/expression.hpp"
#include "flux/build_settings.hpp"
#include "resource/drift_mode.hpp"
#include "resource/health_check.hpp"
#include "resource/resource.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// One of Flux's sources, as a sourceRef or chartRef names it.
struct SourceReference {
  std::string kind;  ///< "GitRepository", "OCIRepository", "HelmRepository", "HelmChart"
  std::string namespace_name;
  std::string name;

  auto operator<=>(const SourceReference&) const = default;
};

/// "GitRepository/flux-system/home".
[[nodiscard]] std::string to_string(const SourceReference& reference);

/// Another Kustomization that must be ready first.
struct Dependency {
  KustomizationName name;
  /// Holds instead of its readiness, if there is one.
  std::optional<ReadyCondition> condition{};
};

/// Where variables come from.
struct VariableSource {
  std::string kind;  ///< "ConfigMap" or "Secret", in the Kustomization's namespace
  std::string name;
  bool is_optional = false;

  auto operator<=>(const VariableSource&) const = default;
};

/// An object whose health is waited for, whether or not the Kustomization applies it.
struct HealthCheck {
  std::string api_version;
  std::string kind;
  std::string namespace_name;
  std::string name;
};

/// What becomes of a Kustomization's objects when it leaves Git itself.
enum class DeletionPolicy : std::uint8_t {
  mirror_prune,          ///< deleted if it prunes
  remove,                ///< deleted, written "Delete"
  wait_for_termination,  ///< deleted, and it is gone when they are
  orphan,                ///< left as they are
};

struct KustomizationSpec {
  KustomizationName name;
  Origin origin;
  SourceReference source;
  RelativePath path;
  Duration interval{};
  Duration retry_interval{};  ///< after a failure
  Duration timeout{};         ///< of health checks
  bool is_suspended = false;
  DriftMode drift = DriftMode::correct;  ///< of objects that do not say it themselves
  bool is_pruning = true;
  bool is_waiting = false;  ///< for the health of all that it applies
  bool is_forcing = false;  ///< objects whose change is refused as immutable are made anew
  DeletionPolicy deletion_policy = DeletionPolicy::mirror_prune;
  std::vector<Dependency> depends_on;
  /// How its objects are built, and which of their fields are left to others; of the variables it
  /// has those of postBuild.substitute.
  BuildSettings build;
  std::map<std::string, std::string> variables;  ///< postBuild.substitute
  std::vector<VariableSource> variable_sources;  ///< postBuild.substituteFrom
  bool substitutes_always = false;               ///< substituteStrategy Always
  bool is_decrypting = false;
  std::string decryption_secret;  ///< in its namespace, or ""
  std::string service_account;    ///< in its namespace whose rights it has, or ""
  std::vector<HealthCheck> health_checks;
  HealthChecks health;  ///< healthCheckExprs: the health of custom resources by expressions in CEL
  Value object;         ///< as it was written
  /// The names of those of `variables` that nobody is shown.
  std::set<std::string> confidential_variables;

  /// Reads an object of kind Kustomization. `invalid`, naming object, file and field, for what its
  /// CRD would refuse, and for what primocane does not serve: kubeConfig, the sources Bucket and
  /// ExternalArtifact.
  [[nodiscard]] static Result<KustomizationSpec> read(const Resource& object);
};

/// Whether what `object`, a Kustomization, asks for is served by others alone, if at all: another
/// cluster (kubeConfig), or a source of a kind that is not served. KustomizationSpec::read()
/// refuses it.
[[nodiscard]] bool is_for_others(const Resource& object);

/// Where a Kustomization says that its manifests are.
struct KustomizationPlace {
  SourceReference source;
  RelativePath path;

  /// Of one that may have any fault; empty where that is its fault.
  [[nodiscard]] static KustomizationPlace of(const Resource& object);
};

}  // namespace primocane
