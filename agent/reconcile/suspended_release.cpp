// SPDX-License-Identifier: Apache-2.0
#include "reconcile/suspended_release.hpp"

#include "flux/helm_chart_kind.hpp"
#include "flux/suspended_chart.hpp"
#include "resource/well_known.hpp"

#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

bool is_lasting_member(const Value& chart) {
  return !chart.text_at("metadata", "labels", applyset_part_of_label).empty() &&
         chart.text_at("metadata", "deletionTimestamp").empty();
}

}  // namespace

Task<Result<std::vector<Resource>>> read_suspended_release(Cluster& cluster,
                                                           const HelmReleaseSpec* spec) {
  const ResourceId id = helm_chart_id(spec->id.namespace_name, spec->release_name);
  CO_TRY(const std::optional<Value> chart,
         co_await cluster.get(id, std::string(helm_chart_version)));
  if (!chart || !is_lasting_member(*chart)) co_return std::vector<Resource>();
  std::vector<Value> secrets;
  for (const ResourceId& secret_id : secrets_of_helm_chart(id, *chart)) {
    CO_TRY(std::optional<Value> secret, co_await cluster.get(secret_id, "v1"));
    if (secret) secrets.push_back(std::move(*secret));
  }
  co_return suspended_objects(*spec, *chart, secrets);
}

}  // namespace primocane
