// SPDX-License-Identifier: Apache-2.0
// Specification of what FakeCluster adds to the contract of a Cluster: scripts and persistence.
#include "support/fake_cluster.hpp"

#include "document/json.hpp"
#include "support/test_loop.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

const ResourceId web{"", "ConfigMap", "default", "web"};

ApplyRequest apply_web(std::string_view color = "red") {
  return {.id = web,
          .version = "v1",
          .body = write_json(yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata: {{name: web, namespace: default, labels: {{tier: front}}}}
data: {{color: {}}}
)",
                                                    color))),
          .uid = {},
          .resource_version = {}};
}

Result<Applied> apply(TestLoop& loop, FakeCluster& cluster, ApplyRequest request) {
  return run_until_done(loop, cluster.apply(std::move(request)));
}

}  // namespace

TEST_CASE("a scripted failure answers that many applies and then none") {
  TestLoop loop;
  FakeCluster cluster(loop);
  cluster.fail_next_applies(web, {ErrorKind::unavailable, "webhook is not up"}, 2);
  REQUIRE(apply(loop, cluster, apply_web()).error().kind == ErrorKind::unavailable);
  REQUIRE(apply(loop, cluster, apply_web()).error().message == "webhook is not up");
  REQUIRE(cluster.find(web) == nullptr);
  REQUIRE(apply(loop, cluster, apply_web()));
}

TEST_CASE("hooks see each write before and after it takes effect, and no reading") {
  TestLoop loop;
  FakeCluster cluster(loop);
  std::string seen;
  cluster.on_effect = [&](std::string_view what) {
    seen += fmt::format("before {} {}, ", what, cluster.find(web) != nullptr);
  };
  cluster.after_effect = [&](std::string_view what) {
    seen += fmt::format("after {} {}", what, cluster.find(web) != nullptr);
  };
  ApplyRequest dry_run = apply_web();
  dry_run.dry_run = DryRun::yes;
  REQUIRE(apply(loop, cluster, std::move(dry_run)));
  REQUIRE(run_until_done(loop, cluster.get(web, "v1")));
  REQUIRE(apply(loop, cluster, apply_web()));
  REQUIRE(seen ==
          "before apply ConfigMap/default/web false, after apply ConfigMap/default/web true");
}

TEST_CASE("a request that is withdrawn before its answer has no effect") {
  TestLoop loop;
  FakeCluster cluster(loop);
  cluster.latency = 5ms;
  {
    const Job job = Job::start<Result<Applied>>(cluster.apply(apply_web()), [](auto) {});
    loop.run_for(4ms);
  }
  loop.run_for(1s);
  REQUIRE(cluster.find(web) == nullptr);
  REQUIRE(cluster.requests() == std::vector<std::string>{"apply ConfigMap/default/web"});
}

TEST_CASE("what was dumped is there again after a load, with versions that go on") {
  TestLoop loop;
  FakeCluster first(loop);
  REQUIRE(apply(loop, first, apply_web()));
  first.create(yaml_value(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: canes.example.org}
spec:
  group: example.org
  scope: Cluster
  names: {kind: Cane, plural: canes}
  versions: [{name: v1}]
)"));
  FakeCluster second(loop);
  REQUIRE(second.load(first.dump()));
  REQUIRE(second.ids() == first.ids());
  REQUIRE(*second.find(web) == *first.find(web));
  REQUIRE_FALSE(apply(loop, second, apply_web())->was_created);
  const auto kinds = run_until_done(loop, second.discover(Discovery::fresh)).value();
  REQUIRE(kinds.back().group_kind == GroupKind{"example.org", "Cane"});
  const std::string before(second.find(web)->text_at("metadata", "resourceVersion"));
  second.edit(web, "kubectl-edit", yaml_value("data: {color: blue}"));
  REQUIRE(second.find(web)->text_at("metadata", "resourceVersion") > before);
}

TEST_CASE("garbage is not taken for a dump") {
  TestLoop loop;
  FakeCluster cluster(loop);
  REQUIRE(cluster.load("[]").error().kind == ErrorKind::invalid);
  REQUIRE(cluster.load("{\"lastVersion\":1}").error().kind == ErrorKind::invalid);
  REQUIRE(cluster.load("no").error().kind == ErrorKind::invalid);
}

TEST_CASE("an object with finalizers stays until the last of them is gone") {
  TestLoop loop;
  FakeCluster cluster(loop);
  REQUIRE(apply(loop, cluster, apply_web()));
  cluster.edit(web, "keeper", yaml_value("metadata: {finalizers: [example.org/keep]}"));
  cluster.delete_object(web);
  REQUIRE(cluster.find(web)->text_at("metadata", "deletionTimestamp") == "2026-01-01T00:00:00Z");
  cluster.edit(web, "keeper", yaml_value("metadata: {finalizers: null}"));
  REQUIRE(cluster.find(web) == nullptr);
}

TEST_CASE("a namespace takes its content with it") {
  TestLoop loop;
  FakeCluster cluster(loop);
  REQUIRE(apply(loop, cluster, apply_web()));
  cluster.delete_object({"", "Namespace", "", "default"});
  REQUIRE(cluster.find(web) == nullptr);
  REQUIRE(apply(loop, cluster, apply_web()).error().kind == ErrorKind::unavailable);
}
