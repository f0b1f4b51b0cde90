// SPDX-License-Identifier: Apache-2.0
// The cluster of a kubeconfig that is written, or written anew, while the agent runs.
#include "cli/late_cluster.hpp"

#include "base/task.hpp"
#include "cluster/kube_api.hpp"
#include "support/fake_cluster.hpp"
#include "support/loopback_server.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// A kubeconfig whose text a test changes, and a fake cluster for each text that was read.
struct World {
  Result<std::string> kubeconfig = fail(ErrorKind::unavailable, "k3s.yaml: no such file");
  int reads = 0;
  std::vector<std::string> made;
  std::vector<FakeCluster*> clusters;
  TestLoop loop;
  LateCluster cluster{[this] {
                        ++reads;
                        return kubeconfig;
                      },
                      [this](std::string_view text) { return make(text); }};

  Result<std::unique_ptr<ApiServer>> make(std::string_view text) {
    if (text.find("half") != std::string_view::npos) return fail(ErrorKind::invalid, "half of it");
    made.emplace_back(text);
    auto fake = std::make_unique<FakeCluster>(loop);
    clusters.push_back(fake.get());
    return fake;
  }

  Result<std::optional<Value>> get() {
    return run_until_done(loop, cluster.get({"", "Namespace", "", "default"}, "v1"));
  }
};

// Makes the next requests of `cluster` fail.
void refuse(FakeCluster& cluster, ErrorKind kind) {
  cluster.on_request = [kind](const FakeRequest&) {
    return std::optional<Error>(Error{kind, "no"});
  };
}

}  // namespace

TEST_CASE("without a kubeconfig requests are unavailable until it appears") {
  World world;
  const Result<std::optional<Value>> early = world.get();
  REQUIRE_FALSE(early);
  CHECK(early.error() == Error{ErrorKind::unavailable, "k3s.yaml: no such file"});
  world.kubeconfig = "one";
  const Result<std::optional<Value>> later = world.get();
  REQUIRE(later);
  CHECK(later->has_value());
}

TEST_CASE("a kubeconfig that works is read once") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  REQUIRE(world.get());
  CHECK(world.reads == 1);
  CHECK(world.made == std::vector<std::string>{"one"});
}

TEST_CASE("a denied request is sent again with a kubeconfig that changed") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  refuse(*world.clusters.front(), ErrorKind::denied);
  world.kubeconfig = "two";
  CHECK(world.get());
  CHECK(world.made == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a denied request stays denied when the kubeconfig is the same") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  refuse(*world.clusters.front(), ErrorKind::denied);
  const Result<std::optional<Value>> result = world.get();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::denied);
  CHECK(world.made.size() == 1);
}

TEST_CASE("after an unavailable request the next one looks at the kubeconfig again") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  refuse(*world.clusters.front(), ErrorKind::unavailable);
  world.kubeconfig = "two";
  CHECK_FALSE(world.get());
  CHECK(world.get());
  CHECK(world.made == std::vector<std::string>{"one", "two"});
}

TEST_CASE("what is invalid about an object does not put the kubeconfig in doubt") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  refuse(*world.clusters.front(), ErrorKind::invalid);
  CHECK_FALSE(world.get());
  CHECK_FALSE(world.get());
  CHECK(world.reads == 1);
}

TEST_CASE("a kubeconfig that is half written is looked at again") {
  World world;
  world.kubeconfig = "half";
  const Result<std::optional<Value>> early = world.get();
  REQUIRE_FALSE(early);
  CHECK(early.error().kind == ErrorKind::unavailable);
  world.kubeconfig = "one";
  CHECK(world.get());
}

TEST_CASE("a kubeconfig that vanishes leaves the known cluster in use") {
  World world;
  world.kubeconfig = "one";
  REQUIRE(world.get());
  refuse(*world.clusters.front(), ErrorKind::unavailable);
  CHECK_FALSE(world.get());
  world.clusters.front()->on_request = {};
  world.kubeconfig = fail(ErrorKind::unavailable, "gone");
  CHECK(world.get());
}

// In KubeApi both wait for the same discovery. The first then has the cluster replaced, so that
// the second, going on from within that cluster, is the last to hold it.
TEST_CASE("a replaced cluster may end with a request that goes on from within it") {
  TestLoop loop;
  LoopbackServer server(loop, [](const LoopbackRequest&, const LoopbackConnectionPtr& connection) {
    connection->respond(500, "no");
  });
  std::string kubeconfig = "one";
  std::vector<std::string> made;
  LateCluster cluster([&] { return Result<std::string>(kubeconfig); },
                      [&](std::string_view text) -> Result<std::unique_ptr<ApiServer>> {
                        made.emplace_back(text);
                        ClusterAccess access;
                        access.server = server.url("");
                        return make_kube_api(loop, std::move(access), {});
                      });
  int ends = 0;
  Job third;
  const auto ask = [&](std::function<void()> then) {
    return Job::start<Result<std::vector<ServedKind>>>(
        cluster.discover(Discovery::fresh), [&ends, then = std::move(then)](auto kinds) {
          CHECK(kinds.error().kind == ErrorKind::unavailable);
          ++ends;
          then();
        });
  };
  const Job first = ask([&] {
    kubeconfig = "two";
    third = ask([] {});
  });
  const Job second = ask([] {});
  loop.run_for(std::chrono::seconds(1));
  CHECK(ends == 3);
  CHECK(made == std::vector<std::string>{"one", "two"});
}

}  // namespace primocane
