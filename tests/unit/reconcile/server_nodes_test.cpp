// SPDX-License-Identifier: Apache-2.0
// Which Nodes come before this one, and which of them this one is.
#include "reconcile/server_nodes.hpp"

#include "support/fake_cluster.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;

namespace {

using Names = std::vector<std::string>;

class NodesWorld {
 public:
  void add(std::string_view name, std::string_view ready, std::string_view machine = "",
           std::string_view labels = "node-role.kubernetes.io/control-plane: \"true\"") {
    cluster.create(
        yaml_value(fmt::format("{{apiVersion: v1, kind: Node, metadata: {{name: {}, labels: "
                               "{{{}}}}}, status: {{nodeInfo: {{machineID: \"{}\"}}, conditions: "
                               "[{{type: MemoryPressure, status: \"False\"}}, {{type: Ready, "
                               "status: \"{}\"}}]}}}}",
                               name, labels, machine, ready)),
        "kubelet");
  }

  TestLoop loop;
  FakeCluster cluster{loop};
};

Names seniors_of(NodesWorld& world, NodeIdentity identity) {
  ServerNodes nodes(world.cluster, world.loop, std::move(identity));
  world.loop.run_for(std::chrono::seconds(1));
  return nodes.seniors();
}

}  // namespace

TEST_CASE("the Ready server nodes before this one, by name") {
  NodesWorld world;
  world.add("b", "True");
  world.add("c", "True");
  world.add("a", "True");
  world.add("aa", "False");
  world.add("ab", "Unknown");
  world.add("ac", "True", "", "kubernetes.io/os: linux");
  CHECK(seniors_of(world, {.host_name = "a"}).empty());
  CHECK(seniors_of(world, {.host_name = "c"}) == Names{"a", "b"});
  // Not Ready, or no server at all: behind all others.
  CHECK(seniors_of(world, {.host_name = "aa"}) == Names{"a", "b", "c"});
  CHECK(seniors_of(world, {.host_name = "worker"}) == Names{"a", "b", "c"});
}

TEST_CASE("without server nodes this one is the only one") {
  NodesWorld world;
  CHECK(seniors_of(world, {.host_name = "a"}).empty());
}

TEST_CASE("a Node that is not called as the host is known by the machine's id") {
  NodesWorld world;
  world.add("pi-1", "True", "11111111111111111111111111111111");
  world.add("pi-2", "True", "22222222222222222222222222222222");
  CHECK(seniors_of(world, {.host_name = "raspberrypi",
                           .machine_id = "22222222222222222222222222222222"}) == Names{"pi-1"});
  // By what is configured first.
  CHECK(seniors_of(world, {.node_name = "pi-1",
                           .host_name = "pi-2",
                           .machine_id = "22222222222222222222222222222222"})
            .empty());
  // Two cards with one image.
  world.add("pi-3", "True", "22222222222222222222222222222222");
  CHECK(seniors_of(world, {.host_name = "raspberrypi",
                           .machine_id = "22222222222222222222222222222222"}) ==
        Names{"pi-1", "pi-2", "pi-3"});
}

TEST_CASE("where the Nodes may not be watched this one is the only one, and says why") {
  NodesWorld world;
  world.add("a", "True");
  world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.id.kind != "Node") return std::nullopt;
    return Error{ErrorKind::denied, "nodes is forbidden"};
  };
  ServerNodes nodes(world.cluster, world.loop, {.host_name = "b"});
  world.loop.run_for(std::chrono::seconds(1));
  CHECK(nodes.seniors().empty());
  REQUIRE(nodes.failure());
  CHECK(nodes.failure()->message.find("forbidden") != std::string::npos);
}
