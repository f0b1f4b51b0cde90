// SPDX-License-Identifier: Apache-2.0
// RealWorld: a real API server, seen through KubeApi and edited by requests of other managers.
#pragma once

#include "cluster/api_session.hpp"
#include "contract/cluster_world.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"

#include <memory>
#include <string>

namespace primocane {

/// Makes a namespace of its own and deletes it without waiting for that.
class RealWorld final : public ClusterWorld {
 public:
  explicit RealWorld(const std::string& kubeconfig);
  ~RealWorld() override;

  EventLoop& loop() override { return *loop_; }
  ApiServer& cluster() override { return *cluster_; }
  std::string space() const override { return space_; }
  void edit(const ResourceId& id, std::string_view manager, const Value& patch) override;
  void apply_as(std::string_view manager, const Value& object) override;
  void strip_managed_fields(const ResourceId& id) override;
  void delete_object(const ResourceId& id) override;

 private:
  /// Sends `request` to the object's URL with `query` appended; the test fails if it is refused.
  void send(const ResourceId& id, std::string_view query, HttpRequest request);

  SystemClock clock_;
  std::unique_ptr<EpollLoop> loop_;
  std::unique_ptr<ApiServer> cluster_;
  std::unique_ptr<ApiSession> session_;
  std::string space_;
};

/// What the kubeconfig at `path` says; the test ends if it cannot be read.
[[nodiscard]] ClusterAccess access_in(const std::string& path);

}  // namespace primocane
