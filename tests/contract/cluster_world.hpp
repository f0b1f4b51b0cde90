// SPDX-License-Identifier: Apache-2.0
// ClusterWorld: a Cluster under test together with everybody else who writes to it. The contract is
// tried on FakeCluster always, and on a real API server where PRIMOCANE_TEST_KUBECONFIG names one.
#pragma once

#include "base/event_loop.hpp"
#include "cluster/kube_api.hpp"
#include "document/value.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One cluster with a namespace of its own, which is gone or forgotten afterwards.
class ClusterWorld {
 public:
  ClusterWorld() = default;
  ClusterWorld(const ClusterWorld&) = delete;
  ClusterWorld& operator=(const ClusterWorld&) = delete;
  virtual ~ClusterWorld() = default;

  [[nodiscard]] virtual EventLoop& loop() = 0;
  [[nodiscard]] virtual ApiServer& cluster() = 0;
  /// A namespace that exists and is empty but for what a cluster puts into every one.
  [[nodiscard]] virtual std::string space() const = 0;

  /// A merge patch (RFC 7396) by `manager`, as kubectl edit or a controller sends it.
  virtual void edit(const ResourceId& id, std::string_view manager, const Value& patch) = 0;
  /// A forced server-side apply by another manager.
  virtual void apply_as(std::string_view manager, const Value& object) = 0;
  virtual void strip_managed_fields(const ResourceId& id) = 0;
  virtual void delete_object(const ResourceId& id) = 0;

  // Shorthands.

  Result<Applied> apply(const Value& object, ApplyRequest request = {});
  [[nodiscard]] std::vector<LiveObject> list(MetadataQuery query);
  /// The object's metadata as a list by name shows it, or nothing.
  [[nodiscard]] std::optional<LiveObject> look_at(const ResourceId& id);
  [[nodiscard]] std::optional<Value> get(const ResourceId& id, std::string version = "v1");
  Result<LiveObject> patch(PatchRequest request);
  Result<Removed> remove(DeleteRequest request);
  /// Lets more than a second pass, so that times in managedFields differ.
  void pass_a_second();
  /// Tries until it is true, for at most ten seconds.
  [[nodiscard]] bool becomes_true(const std::function<bool()>& is_true);
};

/// "fake", and "real" where there is one.
[[nodiscard]] std::vector<std::string> cluster_worlds();
[[nodiscard]] std::unique_ptr<ClusterWorld> make_world(const std::string& name);
/// The kubeconfig of the real API server, or "".
[[nodiscard]] std::string real_kubeconfig();

/// Identity and API version are read out of `object`.
[[nodiscard]] ApplyRequest apply_request_for(const Value& object);

}  // namespace primocane
