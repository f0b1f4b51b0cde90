// SPDX-License-Identifier: Apache-2.0
// Specification of the requests to the API server.
#include "cluster/requests.hpp"

#include "cluster/precondition.hpp"
#include "document/json.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace primocane;

namespace {

const ServedKind config_maps{.group_kind = {"", "ConfigMap"},
                             .versions = {"v1"},
                             .plural = "configmaps",
                             .scope = Scope::namespaced};
const ServedKind deployments{.group_kind = {"apps", "Deployment"},
                             .versions = {"v1", "v1beta2"},
                             .plural = "deployments",
                             .scope = Scope::namespaced};
const ServedKind cluster_roles{.group_kind = {"rbac.authorization.k8s.io", "ClusterRole"},
                               .versions = {"v1"},
                               .plural = "clusterroles",
                               .scope = Scope::cluster};

const ResourceId web{"apps", "Deployment", "home", "web"};

bool has_header(const HttpRequest& request, std::string_view header) {
  return std::ranges::find(request.headers, header) != request.headers.end();
}

bool asks_for(const HttpRequest& request, std::string_view what) {
  return std::ranges::any_of(request.headers, [&](const std::string& header) {
    return header.starts_with("Accept: ") && header.find(what) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("an apply is a forced patch by our field manager") {
  const auto request =
      apply_request(deployments, {.id = web, .version = "v1", .body = R"({"metadata":{}})"});
  REQUIRE(request);
  CHECK(request->method == "PATCH");
  CHECK(request->url ==
        "/apis/apps/v1/namespaces/home/deployments/web?fieldManager=primocane&force=true");
  CHECK(has_header(*request, "Content-Type: application/apply-patch+yaml"));
  CHECK_FALSE(asks_for(*request, "PartialObjectMetadata"));
  CHECK(request->body == R"({"metadata":{}})");
}

TEST_CASE("of a large object only the metadata is asked for") {
  std::string body = R"({"data":")" + std::string(compared_bytes_max, 'v') + R"("})";
  const auto request =
      apply_request(deployments, {.id = web, .version = "v1", .body = std::move(body)});
  CHECK(asks_for(*request, "as=PartialObjectMetadata;"));
}

TEST_CASE("a dry run says so and asks for the whole object") {
  const auto request = apply_request(
      deployments, {.id = web, .version = "v1beta2", .body = "{}", .dry_run = DryRun::yes});
  CHECK(request->url ==
        "/apis/apps/v1beta2/namespaces/home/deployments/web"
        "?fieldManager=primocane&force=true&dryRun=All");
  CHECK_FALSE(asks_for(*request, "PartialObjectMetadata"));
}

TEST_CASE("the core group has a path of its own, and cluster-scoped objects no namespace") {
  CHECK(get_request(config_maps, {"", "ConfigMap", "home", "a"}, "v1")->url ==
        "/api/v1/namespaces/home/configmaps/a");
  CHECK(get_request(cluster_roles, {"rbac.authorization.k8s.io", "ClusterRole", "", "a"}, "v1")
            ->url == "/apis/rbac.authorization.k8s.io/v1/clusterroles/a");
}

TEST_CASE("names are percent-encoded") {
  const ResourceId odd{"rbac.authorization.k8s.io", "ClusterRole", "", "system:a/../b?c#d e"};
  CHECK(get_request(cluster_roles, odd, "v1")->url ==
        "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aa%2F..%2Fb%3Fc%23d%20e");
}

TEST_CASE("a namespace that does not fit the kind, or no name, is invalid") {
  CHECK(get_request(config_maps, {"", "ConfigMap", "", "a"}, "v1").error().kind ==
        ErrorKind::invalid);
  CHECK(get_request(config_maps, {"", "ConfigMap", "home", ""}, "v1").error().kind ==
        ErrorKind::invalid);
  CHECK(get_request(cluster_roles, {"rbac.authorization.k8s.io", "ClusterRole", "home", "a"}, "v1")
            .error()
            .kind == ErrorKind::invalid);
}

TEST_CASE("a list is of metadata, from the server's cache, in the preferred version") {
  const auto everywhere = list_request(deployments, {.group_kind = deployments.group_kind});
  CHECK(everywhere->method == "GET");
  CHECK(everywhere->url == "/apis/apps/v1/deployments?resourceVersion=0");
  CHECK(asks_for(*everywhere, "as=PartialObjectMetadataList;"));
  CHECK(list_request(deployments, {.group_kind = deployments.group_kind,
                                   .namespace_name = "home",
                                   .label_selector = "applyset.kubernetes.io/part-of=a"})
            ->url ==
        "/apis/apps/v1/namespaces/home/deployments?resourceVersion=0"
        "&labelSelector=applyset.kubernetes.io%2Fpart-of%3Da");
}

TEST_CASE("the metadata of one object is the object itself, in its newest state") {
  const auto request = list_request(deployments, {.group_kind = deployments.group_kind,
                                                  .namespace_name = "home",
                                                  .label_selector = {},
                                                  .name = "web"});
  CHECK(request->url == "/apis/apps/v1/namespaces/home/deployments/web");
  CHECK(asks_for(*request, "as=PartialObjectMetadata;"));
}

TEST_CASE("a patch holds what was seen before its own operations") {
  PatchRequest wanted{.id = web,
                      .version = {},
                      .body = R"([{"op":"remove","path":"/a"}])",
                      .uid = "u-1",
                      .resource_version = "42"};
  const auto request = patch_request(deployments, wanted);
  CHECK(request->method == "PATCH");
  CHECK(request->url == "/apis/apps/v1/namespaces/home/deployments/web?fieldManager=primocane");
  CHECK(has_header(*request, "Content-Type: application/json-patch+json"));
  CHECK(asks_for(*request, "as=PartialObjectMetadata;"));
  CHECK(request->body == R"([{"op":"replace","path":"/metadata/uid","value":"u-1"},)"
                         R"({"op":"replace","path":"/metadata/resourceVersion","value":"42"},)"
                         R"({"op":"remove","path":"/a"}])");
  wanted.version = "v1beta2";
  wanted.user = "system:serviceaccount:home:ops";
  CHECK(patch_request(deployments, wanted)->url.starts_with("/apis/apps/v1beta2/"));
  CHECK(has_header(*patch_request(deployments, wanted),
                   "Impersonate-User: system:serviceaccount:home:ops"));
}

TEST_CASE("a patch without operations still holds what was seen") {
  CHECK(with_patch_precondition("[]", "", "").value() == "[]");
  CHECK(with_patch_precondition(" [ ] ", "u", "").value() ==
        R"([{"op":"replace","path":"/metadata/uid","value":"u"} ] )");
  for (const char* body : {"", "{}", "7", R"("[")"}) {
    INFO(body);
    CHECK(with_patch_precondition(body, "u", "7").error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a delete names what was seen and leaves dependants to the background") {
  const auto request = delete_request(
      deployments, {.id = web, .version = {}, .uid = "u-1", .resource_version = "42"});
  CHECK(request->method == "DELETE");
  CHECK(request->url == "/apis/apps/v1/namespaces/home/deployments/web");
  CHECK(request->body ==
        R"({"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background",)"
        R"("preconditions":{"uid":"u-1","resourceVersion":"42"}})");
}

TEST_CASE("discovery asks for the aggregated form and takes the older one") {
  const HttpRequest request = discovery_request("/apis");
  CHECK(request.url == "/apis");
  CHECK(asks_for(request, "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"));
  CHECK(asks_for(request, ",application/json"));
  CHECK(resource_list_request({"", "v1"}).url == "/api/v1");
  CHECK(resource_list_request({"apps", "v1"}).url == "/apis/apps/v1");
}

TEST_CASE("preconditions stand in the body's own metadata") {
  const std::string body =
      R"({"data":{"metadata":{"uid":"fake"},"a":"}\"{"},"metadata":{"name":"x"},"spec":{}})";
  CHECK(with_precondition(body, "", "").value() == body);
  CHECK(
      with_precondition(body, "u-1", "").value() ==
      R"({"data":{"metadata":{"uid":"fake"},"a":"}\"{"},"metadata":{"uid":"u-1","name":"x"},"spec":{}})");
  CHECK(with_precondition(R"({"metadata":{}})", "u-1", "7").value() ==
        R"({"metadata":{"uid":"u-1","resourceVersion":"7"}})");
  CHECK(with_precondition(R"( { "metadata" : { "name":"x" } } )", "", "7").value() ==
        R"( { "metadata" : {"resourceVersion":"7", "name":"x" } } )");
  CHECK(with_precondition(R"({"metadata":{"name":"x"}})", "a\"b", "").value() ==
        R"({"metadata":{"uid":"a\"b","name":"x"}})");
}

TEST_CASE("a precondition never contradicts what the body says") {
  CHECK(with_precondition(R"({"metadata":{"name":"x","uid":"u-1"}})", "u-1", "").value() ==
        R"({"metadata":{"name":"x","uid":"u-1"}})");
  CHECK(with_precondition(R"({"metadata":{"name":"x","uid":"u-2"}})", "u-1", "").error().kind ==
        ErrorKind::invalid);
}

TEST_CASE("a body that is no object with metadata takes no precondition") {
  for (const char* body : {"", "[]", "{}", R"({"metadata":7})", R"({"metadata":[{}]})",
                           R"({"a":"metadata)", R"({"metadata")", R"({"a":{"metadata":{}}})"}) {
    INFO(body);
    CHECK(with_precondition(body, "u-1", "").error().kind == ErrorKind::invalid);
  }
}
