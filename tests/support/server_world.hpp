// SPDX-License-Identifier: Apache-2.0
// ServerWorld: several server nodes with an agent each, at one fake cluster and one branch.
#pragma once

#include "reconcile/agent.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/server_nodes.hpp"
#include "reconcile/turn.hpp"
#include "support/fake_cluster.hpp"
#include "support/fake_parts.hpp"
#include "support/fake_repository.hpp"
#include "support/test_loop.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One node's way to the cluster: it can be cut, and remembers what went through.
class NodeCluster final : public ApiServer {
 public:
  explicit NodeCluster(FakeCluster& cluster) : cluster_(cluster) {}

  Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) override;
  Task<Result<void>> list_metadata(MetadataQuery query,
                                   std::function<void(const Value& object)> each) override;
  Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) override;
  Task<Result<Applied>> apply(ApplyRequest request) override;
  Task<Result<LiveObject>> patch(PatchRequest request) override;
  Task<Result<Removed>> remove(DeleteRequest request) override;
  [[nodiscard]] bool is_answering() const override { return !is_cut; }
  Task<Result<WatchEnd>> watch(WatchQuery query, Take take) override;

  bool is_cut = false;
  std::vector<std::string> writes;  ///< "apply ConfigMap/home/web", ...

 private:
  FakeCluster& cluster_;
};

/// A node with its agent, while that runs.
class ServerNode {
 public:
  ServerNode(std::string name, TestLoop& loop, FakeCluster& cluster);

  ServerNode(const ServerNode&) = delete;
  ServerNode& operator=(const ServerNode&) = delete;
  ~ServerNode() { kill(); }

  void start();
  /// It can render what `renderer` can.
  void take(const FakeRenderer& renderer) { renderer_.manifests = renderer.manifests; }
  /// Ends the agent at once, as SIGKILL does.
  void kill();
  void cut();
  void join();

  std::string name;
  FakeRepository repository;  ///< what it can fetch
  NodeCluster cluster;
  EventLog events;
  std::unique_ptr<Agent> agent;

 private:
  TestLoop& loop_;
  FakeRenderer renderer_;
  MemoryStore store_;
  DecryptionKeys keys_;
  std::unique_ptr<Sources> sources_;
  std::unique_ptr<LiveCluster> live_;
  std::unique_ptr<ServerNodes> servers_;
  std::unique_ptr<Turn> turn_;
};

class ServerWorld {
 public:
  /// Follows `manifests` as commit 1, with nodes "a", "b", ... that are all Ready and whose agents
  /// have started one after the other.
  ServerWorld(int nodes, std::string_view manifests);

  /// A commit that only `seen_by` can fetch ("ab").
  void commit(char digit, std::string_view manifests, std::string_view seen_by);
  void set_ready(std::string_view node, bool is_ready);
  void wait(Duration duration);
  void edit(std::string_view map, std::string_view patch);
  [[nodiscard]] std::string data(std::string_view map) const;
  /// What each node wrote since the last call, "a: apply ConfigMap/default/x".
  [[nodiscard]] std::vector<std::string> writes();
  /// Of the root's set.
  [[nodiscard]] static ResourceId parent();
  [[nodiscard]] ServerNode& node(std::string_view name);

  TestLoop loop;
  FakeCluster cluster{loop};
  FakeRenderer manifests;
  std::list<ServerNode> nodes;
};

}  // namespace primocane
