// SPDX-License-Identifier: Apache-2.0
// What a person wants to know of an API server, asked of one in this process.
#include "cluster/server_survey.hpp"

#include "document/json.hpp"
#include "support/loopback_server.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <functional>
#include <optional>

namespace primocane {

namespace {

constexpr std::string_view aggregated =
    "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList\r\n";
constexpr std::string_view no_groups = R"({"items":[]})";
constexpr std::string_view flux_group =
    R"({"items":[{"metadata":{"name":"kustomize.toolkit.fluxcd.io"},
  "versions":[{"version":"v1","resources":[{"resource":"kustomizations","scope":"Namespaced",
  "responseKind":{"kind":"Kustomization"},"verbs":["list"]}]}]}]})";
constexpr std::string_view forbidden =
    R"({"kind":"Status","reason":"Forbidden","message":"may not"})";

// An API server whose answers are bodies by the beginning of the path, and rights by a function.
struct SurveyedServer {
  std::function<bool(const Value& attributes)> allows = [](const Value&) { return true; };
  std::string version = R"({"gitVersion":"v1.33.4+k3s1"})";
  std::string deployments = R"({"items":[]})";
  std::optional<int> refusal;  // of all that is listed
  int reviews = 0;
  TestLoop loop;
  LoopbackServer server{
      loop, [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
        answer(request, *connection);
      }};

  void answer(const LoopbackRequest& request, LoopbackConnection& connection) {
    const std::string_view target = request.target;
    if (target == "/version") return connection.respond(version.empty() ? 401 : 200, version);
    if (target == "/api") return connection.respond(200, no_groups, aggregated);
    if (target == "/apis") return connection.respond(200, flux_group, aggregated);
    if (target.ends_with("/selfsubjectaccessreviews")) return review(request, connection);
    if (refusal) return connection.respond(*refusal, forbidden);
    const bool is_deployments = target.starts_with("/apis/apps/v1/deployments");
    connection.respond(200, is_deployments ? deployments : std::string(R"({"items":[]})"));
  }

  void review(const LoopbackRequest& request, LoopbackConnection& connection) {
    ++reviews;
    const Value asked = read_json(request.body, "review").value();
    REQUIRE(asked.text_at("kind") == "SelfSubjectAccessReview");
    const bool is_allowed = allows(*asked.find("spec", "resourceAttributes"));
    connection.respond(201, fmt::format(R"({{"status":{{"allowed":{}}}}})", is_allowed));
  }

  Result<ServerSurvey> survey() {
    ClusterAccess access;
    access.server = server.url("");
    return run_until_done(loop, survey_server(loop, std::move(access), {}));
  }
};

}  // namespace

TEST_CASE("an administrator is asked about once") {
  SurveyedServer server;
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE(survey);
  CHECK(survey->version == "v1.33.4+k3s1");
  CHECK(survey->refused.empty());
  CHECK(server.reviews == 1);
  CHECK(survey->kinds == std::vector<std::string>{"Kustomization.kustomize.toolkit.fluxcd.io"});
  CHECK(survey->unseen.empty());
}

TEST_CASE("of somebody else every right is asked, and what is refused is named") {
  SurveyedServer server;
  server.allows = [](const Value& attributes) {
    return attributes.text_at("verb") == "get" || attributes.text_at("verb") == "list";
  };
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE(survey);
  CHECK(survey->refused == std::vector<std::string>{"create all kinds", "patch all kinds",
                                                    "delete all kinds", "create namespaces",
                                                    "create configmaps in primocane-system",
                                                    "patch configmaps in primocane-system"});
  CHECK(survey->is_essential_refused);
  server.allows = [](const Value& attributes) {
    return attributes.text_at("resource") != "*" || attributes.text_at("verb") == "list";
  };
  CHECK_FALSE(server.survey()->is_essential_refused);
}

TEST_CASE("what runs is listed, and whether it is switched on") {
  SurveyedServer server;
  server.deployments = R"({"kind":"DeploymentList","items":[
    {"metadata":{"name":"a","namespace":"x"},"spec":{"replicas":1}},
    {"metadata":{"name":"b","namespace":"y"},"spec":{"replicas":0}},
    {"metadata":{"name":"c","namespace":"z"},"spec":{}}]})";
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE(survey);
  CHECK(survey->workloads == std::vector<std::string>{"x/a", "z/c"});
}

TEST_CASE("what may not be listed is told, and the rest is there") {
  SurveyedServer server;
  server.refusal = 403;
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE(survey);
  CHECK(survey->version == "v1.33.4+k3s1");
  REQUIRE(survey->unseen.size() == 3);
  CHECK(survey->unseen[0].kind == ErrorKind::denied);
  CHECK(survey->unseen[0].message.find("list deployments") != std::string::npos);
}

TEST_CASE("a server that does not let us in is an error") {
  SurveyedServer server;
  server.version.clear();
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE_FALSE(survey);
  CHECK(survey.error().kind == ErrorKind::denied);
}

TEST_CASE("a server that answers with something else is an error") {
  SurveyedServer server;
  server.version = "<html>a router's page</html>";
  REQUIRE_FALSE(server.survey());
  server.version = "{}";
  server.deployments = "not a list";
  const Result<ServerSurvey> survey = server.survey();
  REQUIRE(survey);
  CHECK(survey->version.empty());
  CHECK(survey->unseen.size() == 1);
}

}  // namespace primocane
