// SPDX-License-Identifier: Apache-2.0
// WatchedServer: one connection to an API server for the programs of the benches, with requests
// and watches on it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/kubeconfig.hpp"
#include "document/value.hpp"
#include "http/http_client.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>

namespace primocane {

/// How much of an object a watch tells.
enum class WatchDepth : std::uint8_t { whole, metadata };

struct WatchEvent {
  SteadyTime at;          ///< when its last byte had come
  std::string_view type;  ///< ADDED, MODIFIED or DELETED
  const Value& object;
};

/// A request without what is the same in all.
struct ServerRequest {
  std::string method;
  std::string path;  ///< with its query
  std::string content_type;
  std::string body;
};

/// NAMESPACE/NAME, the namespace empty where there is none. Events of metadata do not tell the
/// kind, so objects of the benches have names that are unique among all kinds.
[[nodiscard]] std::string bench_key(const Value& object);

/// The fields of the Apply entry of `manager` in managedFields as canonical JSON, "" without one.
[[nodiscard]] std::string applied_fields(const Value& object, std::string_view manager);

/// What the kubeconfig `path` says.
[[nodiscard]] Result<ClusterAccess> read_access(const std::string& path);

/// The JSON file `path`.
[[nodiscard]] Result<Value> read_task(const std::string& path);

/// Belongs to the loop's thread. A watch that ends, or an event that is none, ends the program:
/// what it would measure from then on is nothing.
class WatchedServer {
 public:
  WatchedServer(EventLoop& loop, ClusterAccess access);
  WatchedServer(const WatchedServer&) = delete;
  WatchedServer& operator=(const WatchedServer&) = delete;
  ~WatchedServer() = default;

  /// Tells `each` of every object of the collection `path` and of each change from then on.
  void watch(std::string path, WatchDepth depth, std::function<void(const WatchEvent&)> each);
  /// Returns when all watches have told what is there.
  Task<bool> wait_for_watches();
  Task<Result<HttpResponse>> send(ServerRequest request);

 private:
  void take(std::string_view line, const std::function<void(const WatchEvent&)>& each);

  EventLoop& loop_;
  ClusterAccess access_;
  HttpClient http_;
  std::size_t complete_ = 0;  // watches that have told what is there
  std::list<Job> watches_;
};

}  // namespace primocane
