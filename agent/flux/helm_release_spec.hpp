// SPDX-License-Identifier: Apache-2.0
// HelmReleaseSpec: what an object of Flux's kind HelmRelease says (helm.toolkit.fluxcd.io;
// helm-controller, api/v2/helmrelease_types.go), as far as K3s's Helm controller can do it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "flux/chart_values.hpp"
#include "flux/helm_chart_spec.hpp"
#include "flux/kustomization_spec.hpp"
#include "resource/resource.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Another HelmRelease that must be ready first.
struct ReleaseDependency {
  ResourceId release;
  std::string ready_expression;  ///< CEL over `self` and `dep`, or ""

  bool operator==(const ReleaseDependency&) const = default;
};

/// Who may set fields of the release's objects: Helm's --server-side.
enum class ServerSideApply : std::uint8_t { unsaid, on, off, as_before };

struct HelmReleaseSpec {
  ResourceId id;
  Origin origin;
  std::optional<ChartRequest> chart;               ///< `chart`, or else
  std::optional<SourceReference> chart_reference;  ///< an OCIRepository or a HelmChart
  Duration interval{};
  Duration timeout{};  ///< of what Helm waits for
  bool is_suspended = false;
  bool is_kept = false;          ///< annotated so that it stays when it leaves Git
  std::string release_name;      ///< as Flux names it: at most 53 characters
  std::string target_namespace;  ///< where the release goes
  bool creates_namespace = false;
  bool takes_ownership = true;  ///< of objects that are there already
  ServerSideApply server_side = ServerSideApply::unsaid;
  std::vector<ReleaseDependency> depends_on;
  std::vector<ValuesReference> values_from;
  Value values;  ///< a mapping, or null
  /// Paths of fields that are there and have no effect: they do not change what is deployed, but
  /// how, or when it is done again.
  std::vector<std::string> ignored;

  /// Reads an object of kind HelmRelease. `invalid`, naming object, file and field, for what its
  /// CRD would refuse, and for fields that change what is deployed in a way that K3s's Helm
  /// controller can't.
  [[nodiscard]] static Result<HelmReleaseSpec> read(const Resource& object);
};

/// `name` as Flux shortens names of releases: those over 53 characters end in a hash
/// (helm-controller, internal/release/name.go).
[[nodiscard]] std::string short_release_name(std::string_view name);

/// The name of the release that `object`, a HelmRelease, makes, whatever else is wrong with it
/// (helmrelease_types.go: GetReleaseName).
[[nodiscard]] std::string release_name_of(const Resource& object);

}  // namespace primocane
