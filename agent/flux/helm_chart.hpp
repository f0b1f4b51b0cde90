// SPDX-License-Identifier: Apache-2.0
// From a HelmRelease to what is applied for it: a HelmChart of K3s's Helm controller, and the
// Secrets that go with it. A pure function over values.
#pragma once

#include "base/error.hpp"
#include "flux/helm_chart_kind.hpp"
#include "flux/helm_release_spec.hpp"
#include "resource/resource.hpp"

#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// How a chart is downloaded. All empty: without a login, by the system's certificates.
struct ChartAccess {
  std::string username;
  std::string password;
  bool passes_credentials = false;  ///< to hosts that the repository's index names, too
  std::string client_certificate;   ///< PEM, with
  std::string client_key;
  std::string authorities;     ///< PEM, instead of the system's
  std::string docker_config;   ///< of registries: the content of .dockerconfigjson
  bool is_plain_http = false;  ///< of registries

  bool operator==(const ChartAccess&) const = default;
};

/// A chart that was found, with the one version that it shall have.
struct ResolvedChart {
  /// The chart's name in an HTTP repository; "" in a registry.
  std::string name;
  /// Of the HTTP repository; or "oci://registry/path/chart".
  std::string url;
  /// In a registry "" where the digest alone says which.
  std::string version;
  /// Of the manifest in a registry, or of the archive; "" if nobody says.
  std::string digest;
  ChartAccess access;

  bool operator==(const ResolvedChart&) const = default;
};

/// The values of a release.
struct ChartValues {
  Value values;                ///< a mapping
  bool holds_secrets = false;  ///< some come from a Secret
};

struct ReleaseObjects {
  std::vector<Resource> objects;     ///< Secrets, then the HelmChart
  std::vector<std::string> ignored;  ///< fields that this cluster's kind has no word for
};

/// The HelmChart that a Secret of release_objects() belongs to, by the Secret's name. It must be
/// there until the HelmChart is gone: the Job that uninstalls the release mounts it, and would wait
/// for ever.
[[nodiscard]] std::optional<ResourceId> helm_chart_of_secret(const ResourceId& secret);

/// `chart`, a HelmChart, and all Secrets that may belong to it.
[[nodiscard]] std::vector<ResourceId> objects_of_helm_chart(const ResourceId& chart);

/// What is applied for `spec`, which is not suspended, in its namespace, from its origin.
///
/// * The HelmChart never says `failurePolicy: reinstall`, which uninstalls what fails to upgrade.
/// * Values are in a Secret where the kind can name one, under a key that is made of what they and
///   the chart are: another key is another Job, which tells Job and release of new values from
///   those of old ones, and deploys again a chart whose tag was moved.
///
/// `invalid`, naming the HelmRelease, where the cluster's kind is too old for what is needed.
[[nodiscard]] Result<ReleaseObjects> release_objects(const HelmReleaseSpec& spec,
                                                     const ResolvedChart& chart,
                                                     const ChartValues& values,
                                                     const HelmChartKind& kind);

}  // namespace primocane
