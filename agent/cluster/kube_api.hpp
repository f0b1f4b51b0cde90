// SPDX-License-Identifier: Apache-2.0
// KubeApi: the interfaces Cluster and ClusterWatch over HTTPS, all on one HTTP/2 connection.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "cluster/cluster.hpp"
#include "cluster/cluster_watch.hpp"
#include "cluster/kubeconfig.hpp"

#include <functional>
#include <memory>

namespace primocane {

/// Reads a small file (a rotated token); main passes the real one.
using FileReader = std::function<Result<std::string>(const std::string& path)>;

struct KubeApiSettings {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds request_timeout{30'000};
  int attempts_max = 4;  ///< for 429 and 503 with Retry-After, and connections that broke
};

/// An API server to which requests are sent and that tells what changes.
class ApiServer : public Cluster, public ClusterWatch {};

/// The real API server. Lives on the loop's thread.
[[nodiscard]] std::unique_ptr<ApiServer> make_kube_api(EventLoop& loop, ClusterAccess access,
                                                       FileReader read_file,
                                                       KubeApiSettings settings = {});

}  // namespace primocane
