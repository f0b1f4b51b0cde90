// SPDX-License-Identifier: Apache-2.0
// PlannedCluster: the cluster as it would be for what renderings read of it. A ConfigMap or Secret
// that a rendered Kustomization desires is read as that desires it, though nothing was applied; all
// else is the cluster's.
#pragma once

#include "cluster/cluster.hpp"
#include "reconcile/kustomization_state.hpp"
#include "resource/desired.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

class PlannedCluster final : public Cluster {
 public:
  /// Both are borrowed.
  PlannedCluster(Cluster& cluster, const KustomizationStates& states)
      : cluster_(cluster), states_(states) {}

  Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) override {
    return cluster_.discover(freshness);
  }
  Task<Result<void>> list_metadata(MetadataQuery query,
                                   std::function<void(const Value& object)> each) override;
  Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) override;
  Task<Result<Applied>> apply(ApplyRequest request) override {
    return cluster_.apply(std::move(request));
  }
  Task<Result<Removed>> remove(DeleteRequest request) override {
    return cluster_.remove(std::move(request));
  }
  Task<Result<LiveObject>> patch(PatchRequest request) override {
    return cluster_.patch(std::move(request));
  }
  [[nodiscard]] bool is_answering() const override { return cluster_.is_answering(); }

 private:
  [[nodiscard]] const DesiredObject* planned(const ResourceId& id) const;

  Cluster& cluster_;
  const KustomizationStates& states_;
};

}  // namespace primocane
