// SPDX-License-Identifier: Apache-2.0
#include "support/server_world.hpp"

#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

Error no_route() { return {ErrorKind::unavailable, "no route to host"}; }

constexpr Duration agents_interval = std::chrono::minutes(1);

ResourceId node_id(std::string_view name) { return {"", "Node", "", std::string(name)}; }

}  // namespace

Task<Result<std::vector<ServedKind>>> NodeCluster::discover(Discovery freshness) {
  if (is_cut) co_return std::unexpected(no_route());
  co_return co_await cluster_.discover(freshness);
}

Task<Result<void>> NodeCluster::list_metadata(MetadataQuery query,
                                              std::function<void(const Value& object)> each) {
  if (is_cut) co_return std::unexpected(no_route());
  co_return co_await cluster_.list_metadata(std::move(query), std::move(each));
}

Task<Result<std::optional<Value>>> NodeCluster::get(ResourceId id, std::string version) {
  if (is_cut) co_return std::unexpected(no_route());
  co_return co_await cluster_.get(std::move(id), std::move(version));
}

Task<Result<Applied>> NodeCluster::apply(ApplyRequest request) {
  if (is_cut) co_return std::unexpected(no_route());
  const bool is_dry = request.dry_run == DryRun::yes;
  if (!is_dry) writes.push_back("apply " + to_string(request.id));
  co_return co_await cluster_.apply(std::move(request));
}

Task<Result<LiveObject>> NodeCluster::patch(PatchRequest request) {
  if (is_cut) co_return std::unexpected(no_route());
  writes.push_back("patch " + to_string(request.id));
  co_return co_await cluster_.patch(std::move(request));
}

Task<Result<Removed>> NodeCluster::remove(DeleteRequest request) {
  if (is_cut) co_return std::unexpected(no_route());
  writes.push_back("delete " + to_string(request.id));
  co_return co_await cluster_.remove(std::move(request));
}

Task<Result<WatchEnd>> NodeCluster::watch(WatchQuery query, Take take) {
  if (is_cut) co_return std::unexpected(no_route());
  co_return co_await cluster_.watch(std::move(query), std::move(take));
}

ServerNode::ServerNode(std::string name, TestLoop& loop, FakeCluster& cluster)
    : name(std::move(name)), cluster(cluster), loop_(loop) {}

void ServerNode::start() {
  sources_ = std::make_unique<Sources>(repository, nullptr, loop_.clock());
  live_ = std::make_unique<LiveCluster>(cluster, loop_);
  servers_ = std::make_unique<ServerNodes>(cluster, loop_, NodeIdentity{.host_name = name});
  turn_ = std::make_unique<Turn>(*servers_, loop_, events, agents_interval);
  PassSettings settings;
  agent = std::make_unique<Agent>(
      PassParts{.loop = loop_,
                .repository = repository,
                .renderer = renderer_,
                .cluster = cluster,
                .sources = *sources_,
                .store = store_,
                .events = events,
                .keys = &keys_,
                .live = live_.get(),
                .turn = turn_.get()},
      AgentSettings{.pass = settings,
                    .schedule = {.interval = agents_interval},
                    .version = "1.2.3",
                    .remote = "https://git.example.org/x"},
      [] { return 0.5; }, [](const Status&) {});
  agent->start();
}

void ServerNode::kill() {
  agent.reset();
  turn_.reset();
  servers_.reset();
  live_.reset();
}

void ServerNode::cut() { cluster.is_cut = true; }

void ServerNode::join() { cluster.is_cut = false; }

ServerWorld::ServerWorld(int count, std::string_view commit_1) {
  for (int i = 0; i < count; ++i) {
    nodes.emplace_back(std::string(1, static_cast<char>('a' + i)), loop, cluster);
    cluster.create(
        yaml_value(fmt::format("{{apiVersion: v1, kind: Node, metadata: {{name: {}, labels: "
                               "{{node-role.kubernetes.io/control-plane: \"true\"}}}}}}",
                               nodes.back().name)),
        "kubelet");
    set_ready(nodes.back().name, true);
  }
  commit('1', commit_1, "abc");
  for (ServerNode& node : nodes) {
    node.start();
    wait(std::chrono::seconds(5));
  }
  wait(std::chrono::minutes(3));
  static_cast<void>(writes());
  for (ServerNode& node : nodes) node.events.clear();
}

void ServerWorld::commit(char digit, std::string_view content, std::string_view seen_by) {
  for (ServerNode& node : nodes) {
    const bool sees = seen_by.find(node.name) != std::string_view::npos;
    if (!sees) continue;
    const CommitId commit = node.repository.push(digit);
    manifests.manifests.insert_or_assign(commit.str(), std::string(content));
  }
  for (ServerNode& node : nodes) node.take(manifests);
}

void ServerWorld::set_ready(std::string_view node, bool is_ready) {
  cluster.edit(node_id(node), "kubelet",
               yaml_value(fmt::format("status: {{conditions: [{{type: Ready, status: \"{}\"}}]}}",
                                      is_ready ? "True" : "False")),
               "status");
}

void ServerWorld::wait(Duration duration) { loop.run_for(duration); }

void ServerWorld::edit(std::string_view map, std::string_view patch) {
  cluster.edit(default_map(map), "kubectl-edit", yaml_value(patch));
}

std::string ServerWorld::data(std::string_view map) const {
  const Value* object = cluster.find(default_map(map));
  return object == nullptr ? std::string() : std::string(object->text_at("data", "k"));
}

std::vector<std::string> ServerWorld::writes() {
  std::vector<std::string> all;
  for (ServerNode& node : nodes) {
    for (const std::string& write : std::exchange(node.cluster.writes, {})) {
      all.push_back(fmt::format("{}: {}", node.name, write));
    }
  }
  return all;
}

ResourceId ServerWorld::parent() {
  return {"", "ConfigMap", "primocane-system", "primocane-system.root"};
}

ServerNode& ServerWorld::node(std::string_view name) {
  for (ServerNode& node : nodes) {
    if (node.name == name) return node;
  }
  return nodes.front();
}

}  // namespace primocane
