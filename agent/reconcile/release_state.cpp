// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_state.hpp"

#include "reconcile/release_sets.hpp"

#include <string_view>
#include <utility>

namespace primocane {

namespace {

// As an image's: enough to tell two apart.
constexpr std::size_t digest_shown = 7 + 12;  // "sha256:" and digits

std::string shown_version(const ResolvedChart& chart) {
  return chart.version.empty() ? chart.digest.substr(0, digest_shown) : chart.version;
}

// Reasons are Flux's (fluxcd/pkg, apis/meta/conditions.go).
ReadyState readiness_of(const ReleaseState& release) {
  ReadyState readiness;
  readiness.revision = release.readiness.revision;
  if (release.failure) {
    readiness.ready = Ready::no;
    readiness.reason = release.is_held_back ? "DependencyNotReady" : "ReconciliationFailed";
    readiness.message = release.failure->message;
  } else if (release.is_ready()) {
    readiness.ready = Ready::yes;
    readiness.reason = "ReconciliationSucceeded";
    readiness.message = release.health.message;
    if (release.chart) readiness.revision = shown_version(*release.chart);
  } else if (release.health.status == HealthStatus::failed) {
    readiness.ready = Ready::no;
    readiness.reason = "ReconciliationFailed";
    readiness.message = release.health.message;
  } else {
    readiness.reason = "Progressing";
    readiness.message = release.health.message;
  }
  return readiness;
}

}  // namespace

void update_readiness(ReleaseState& release, WallTime now) {
  ReadyState readiness = readiness_of(release);
  const ReadyState& before = release.readiness;
  readiness.since = before.since && before.ready == readiness.ready ? before.since : now;
  release.readiness = std::move(readiness);
}

HelmReleaseStatus status_of(const ReleaseState& release, const ResourceId& id,
                            const KustomizationName& container) {
  HelmReleaseStatus status;
  status.namespace_name = id.namespace_name;
  status.name = id.name;
  status.container = to_string(container);
  if (release.chart)
    status.chart = release.chart->name.empty() ? release.chart->url : release.chart->name;
  status.is_suspended = release.spec && release.spec->is_suspended;
  status.readiness = release.readiness;
  return status;
}

std::optional<Health> unhealthy_release(const ReleaseStates& releases, const ResourceId& id) {
  const auto found = releases.find(placed_release(id));
  if (found == releases.end() || found->second.is_ready()) return std::nullopt;
  const ReleaseState& release = found->second;
  if (release.failure) {
    return Health{.status = HealthStatus::in_progress, .message = release.failure->message};
  }
  if (release.health.status == HealthStatus::current) return std::nullopt;
  return release.health;
}

}  // namespace primocane
