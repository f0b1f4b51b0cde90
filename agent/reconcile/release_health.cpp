// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_health.hpp"

#include "flux/helm_chart_kind.hpp"
#include "flux/helm_health.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t revisions_max = 1000;

}  // namespace

Task<Result<Health>> read_release_health(Cluster& cluster, ResourceId id) {
  const std::string namespace_name = id.namespace_name;
  const std::string name = id.name;
  CO_TRY(const std::optional<Value> chart,
         co_await cluster.get(std::move(id), std::string(helm_chart_version)));
  if (!chart) co_return helm_release_health({});
  std::optional<Value> job;
  ResourceId job_id{"batch", "Job", namespace_name, std::string(helm_job_of(*chart))};
  if (!job_id.name.empty()) {
    CO_TRY(job, co_await cluster.get(std::move(job_id), "v1"));
  }
  std::vector<Value> revisions;
  std::function<void(const Value&)> each = [&revisions](const Value& secret) {
    if (revisions.size() < revisions_max) revisions.push_back(secret);
  };
  MetadataQuery query{.group_kind = {"", "Secret"},
                      .namespace_name = std::string(release_namespace_of(*chart)),
                      .label_selector = release_selector(name),
                      .name = {}};
  CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
  LiveRelease live;
  live.chart = &*chart;
  live.job = job ? &*job : nullptr;
  live.revisions = revisions;
  co_return helm_release_health(live);
}

}  // namespace primocane
