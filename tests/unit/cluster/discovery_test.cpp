// SPDX-License-Identifier: Apache-2.0
// Specification of how discovery documents are read.
#include "cluster/discovery.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

std::vector<ServedKind> read_aggregated(std::string_view json) {
  KindList kinds;
  read_aggregated_discovery(json, kinds).value();
  return kinds.take();
}

}  // namespace

TEST_CASE("aggregated discovery tells kinds by group, versions in the server's order") {
  const auto kinds = read_aggregated(R"({"kind":"APIGroupDiscoveryList","items":[
    {"metadata":{},"versions":[{"version":"v1","resources":[
      {"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"},"scope":"Namespaced",
       "verbs":["get","list"],"subresources":[{"subresource":"log"}]},
      {"resource":"bindings","responseKind":{"kind":"Binding"},"scope":"Namespaced","verbs":["create"]}]}]},
    {"metadata":{"name":"autoscaling"},"versions":[
      {"version":"v2","resources":[{"resource":"horizontalpodautoscalers","scope":"Namespaced",
        "responseKind":{"kind":"HorizontalPodAutoscaler"},"verbs":["list"]}]},
      {"version":"v1","resources":[{"resource":"horizontalpodautoscalers","scope":"Namespaced",
        "responseKind":{"kind":"HorizontalPodAutoscaler"},"verbs":["list"]}]}]},
    {"metadata":{"name":"example.org"},"versions":[{"version":"v1","freshness":"Current","resources":[
      {"resource":"canes","scope":"Cluster","responseKind":{"kind":"Cane"},"verbs":["list"]}]}]}]})");
  REQUIRE(kinds.size() == 4);
  CHECK(kinds[0] == ServedKind{.group_kind = {"", "Pod"},
                               .versions = {"v1"},
                               .plural = "pods",
                               .scope = Scope::namespaced,
                               .can_list = true});
  CHECK_FALSE(kinds[1].can_list);
  CHECK(kinds[2].versions == std::vector<std::string>{"v2", "v1"});
  CHECK(kinds[3].scope == Scope::cluster);
}

TEST_CASE("a version whose server is down is left out") {
  CHECK(read_aggregated(R"({"items":[{"metadata":{"name":"metrics.k8s.io"},"versions":[
    {"version":"v1","freshness":"Stale","resources":[{"resource":"nodes","scope":"Cluster",
      "responseKind":{"kind":"NodeMetrics"},"verbs":["list"]}]}]}]})")
            .empty());
}

TEST_CASE("incomplete resources are left out and views of a kind do not replace it") {
  const auto kinds = read_aggregated(R"({"items":[{"metadata":{"name":"g"},"versions":[
    {"version":"v1","resources":[{"resource":"as","responseKind":{"kind":"A"}},
      {"resource":"views","responseKind":{"kind":"A"}},{"resource":"none"},{}]},{"resources":7},{}]},{}]})");
  REQUIRE(kinds.size() == 1);
  CHECK(kinds[0].plural == "as");
}

TEST_CASE("content types tell the aggregated form") {
  CHECK(is_aggregated_discovery(
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"));
  CHECK_FALSE(is_aggregated_discovery("application/json"));
}

TEST_CASE("the older form names versions, the preferred one first") {
  CHECK(read_version_list(R"({"kind":"APIVersions","versions":["v1"]})").value() ==
        std::vector<ApiVersion>{{"", "v1"}});
  CHECK(read_version_list(R"({"kind":"APIGroupList","groups":[{"name":"apps",
    "versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}}]})")
            .value() == std::vector<ApiVersion>{{"apps", "v1"}, {"apps", "v1beta1"}});
}

TEST_CASE("the older form names the resources of a version, with their subresources") {
  KindList kinds;
  REQUIRE(read_resource_list(R"({"kind":"APIResourceList","resources":[
    {"name":"deployments","kind":"Deployment","namespaced":true,"verbs":["list","create"]},
    {"name":"deployments/scale","kind":"Scale","namespaced":true,"verbs":["get"]},
    {"name":"nodes","kind":"Node","namespaced":false,"verbs":["list"]}]})",
                             {"apps", "v1"}, kinds));
  const auto read = kinds.take();
  REQUIRE(read.size() == 2);
  CHECK(read[0].scope == Scope::namespaced);
  CHECK(read[1].scope == Scope::cluster);
}

TEST_CASE("what is no discovery document is an error") {
  KindList kinds;
  CHECK_FALSE(read_aggregated_discovery("<html>", kinds));
  CHECK_FALSE(read_aggregated_discovery(R"({"items":[{"versions":[)", kinds));
  CHECK_FALSE(read_aggregated_discovery(R"({"items":[{"versions":[nonsense]}]})", kinds));
  CHECK_FALSE(read_version_list("nonsense"));
  CHECK_FALSE(read_resource_list("nonsense", {"", "v1"}, kinds));
}
