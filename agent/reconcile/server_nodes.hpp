// SPDX-License-Identifier: Apache-2.0
// ServerNodes: the Nodes that run an API server, as a watch shows them, and which of them this one
// is. From that alone each agent knows whose turn it is to act: no lease, and nothing is written.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster_watch.hpp"
#include "document/value.hpp"
#include "reconcile/kind_watch.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What this machine knows of itself.
struct NodeIdentity {
  std::string node_name{};   ///< of its Node, as it is configured, or ""
  std::string host_name{};   ///< which is that name unless K3s was told another one
  std::string machine_id{};  ///< that the kubelet puts into the Node's status
};

/// Lives on the loop's thread.
class ServerNodes final : public WatchListener {
 public:
  /// Both are borrowed.
  ServerNodes(ClusterWatch& cluster, EventLoop& loop, NodeIdentity identity);
  ServerNodes(const ServerNodes&) = delete;
  ServerNodes& operator=(const ServerNodes&) = delete;
  ~ServerNodes() override = default;

  /// `changed` is called from within the watch whenever somebody else's turn may have come, or it
  /// is not known any more whose turn it is: it must return at once.
  void listen(std::function<void()> changed) { changed_ = std::move(changed); }

  /// Waits until the Nodes are known, or why they can't be: ten seconds at most.
  Task<void> wait_until_known();
  /// Why they are not known, if they are not.
  [[nodiscard]] const std::optional<Error>& failure() const { return watch_.failure(); }

  /// The name of the Node that this one is, as far as that can be told; else of the host.
  [[nodiscard]] std::string own_name() const;

  /// The Ready Nodes that come before this one, by name: all of them where this one is not Ready or
  /// runs no API server. Where nothing is known of any, this one is the only one.
  [[nodiscard]] std::vector<std::string> seniors() const;

  void begin_anew(bool is_same_server) override;
  Result<void> take(const WatchEvent& event) override;
  void state_changed() override;

 private:
  struct Node {
    bool is_ready = false;
    std::string machine_id;

    bool operator==(const Node&) const = default;
  };
  using Nodes = std::map<std::string, Node>;

  [[nodiscard]] static Node read(const Value& object);
  [[nodiscard]] bool is_known() const;
  void tell();

  EventLoop& loop_;
  NodeIdentity identity_;
  std::function<void()> changed_;
  Nodes nodes_;
  bool were_told_ = false;
  std::optional<Nodes> fresh_;  // until all of them have been told
  std::list<Completion<bool>*> waiters_;
  std::unique_ptr<Registration> wake_;
  KindWatch watch_;  // last: it tells from its constructor on
};

}  // namespace primocane
