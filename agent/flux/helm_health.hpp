// SPDX-License-Identifier: Apache-2.0
// The health of a Helm release, which no single object tells: its HelmChart has no condition Ready.
// It is read from the HelmChart, its Job, and the Secrets in which Helm keeps its releases
// (k3s-io/helm-controller, pkg/controllers/chart/chart.go).
#pragma once

#include "document/value.hpp"
#include "resource/health.hpp"

#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// What is live of a release. All borrowed.
struct LiveRelease {
  const Value* chart = nullptr;        ///< the HelmChart, or null
  const Value* job = nullptr;          ///< the Job that helm_job_of() names, or null
  std::span<const Value> revisions{};  ///< Secrets, or their metadata, by release_selector()
};

/// The name of the Job that works on `chart`, in its namespace; "" until the controller has said.
[[nodiscard]] std::string_view helm_job_of(const Value& chart);

/// Where `chart` goes: the namespace of the release's Secrets.
[[nodiscard]] std::string_view release_namespace_of(const Value& chart);

/// The label selector of the Secrets in which Helm keeps the revisions of a release.
[[nodiscard]] std::string release_selector(std::string_view release);

/// Current when the Job for what the HelmChart says now is complete and Helm calls its revision
/// deployed; failed when the Job has given up or Helm calls that revision failed; in progress
/// until then.
[[nodiscard]] Health helm_release_health(const LiveRelease& live);

}  // namespace primocane
