// SPDX-License-Identifier: Apache-2.0
// Specification of KubeApi where the contract of Cluster says nothing: credentials, waiting, and
// how often it asks what is served.
#include "cluster/kube_api.hpp"

#include "support/loopback_server.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view aggregated =
    "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList\r\n";
constexpr std::string_view core_group = R"({"items":[{"metadata":{},"versions":[{"version":"v1",
  "resources":[{"resource":"configmaps","responseKind":{"kind":"ConfigMap"},"scope":"Namespaced",
  "verbs":["list"]}]}]}]})";
constexpr std::string_view created = R"({"metadata":{"name":"a","namespace":"home","uid":"u-1"}})";

// An API server that serves ConfigMaps; everything else is answered by `answer`.
struct Server {
  using Answer = std::function<void(const LoopbackRequest&, LoopbackConnection&)>;

  explicit Server(Answer answer_rest = {})
      : answer(std::move(answer_rest)),
        server(loop,
               [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
                 requests.push_back(request);
                 if (request.target == "/api" && has_discovery) {
                   return connection->respond(200, core_group, aggregated);
                 }
                 if (request.target == "/apis" && has_discovery) {
                   return connection->respond(200, R"({"items":[]})", aggregated);
                 }
                 if (answer) return answer(request, *connection);
                 connection->respond(200, created);
               }) {}

  std::unique_ptr<ApiServer> connect(ClusterAccess access = {}, FileReader read_file = {}) {
    access.server = server.url("");
    return make_kube_api(loop, std::move(access), std::move(read_file), {});
  }

  [[nodiscard]] int count(std::string_view target) const {
    int found = 0;
    for (const LoopbackRequest& request : requests) found += request.target == target ? 1 : 0;
    return found;
  }

  TestLoop loop;
  bool has_discovery = true;
  Answer answer;
  std::vector<LoopbackRequest> requests;
  LoopbackServer server;
};

ApplyRequest config_map(std::string kind = "ConfigMap") {
  return {.id = {"", std::move(kind), "home", "a"}, .version = "v1", .body = R"({"metadata":{}})"};
}

}  // namespace

TEST_CASE("a token file is read once a minute, and again when its token is not accepted") {
  std::string token = "first\n";
  int reads = 0;
  Server server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
    const bool is_good =
        request.header("Authorization") == "Bearer " + token.substr(0, token.size() - 1);
    connection.respond(is_good ? 200 : 401, created);
  });
  const auto cluster = server.connect({.token_file = "/run/token"}, [&](const std::string& path) {
    REQUIRE(path == "/run/token");
    ++reads;
    return Result<std::string>(token);
  });
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(reads == 1);
  token = "second\n";
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(reads == 2);
  server.loop.run_for(1min);
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(reads == 3);
}

TEST_CASE("a token that stays refused is denied after one more reading") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(401,
                       R"({"kind":"Status","reason":"Unauthorized","message":"Unauthorized"})");
  });
  int reads = 0;
  const auto cluster = server.connect({.token_file = "/run/token"}, [&](const std::string&) {
    ++reads;
    return Result<std::string>("stale");
  });
  const auto refused = run_until_done(server.loop, cluster->apply(config_map()));
  REQUIRE(refused.error().kind == ErrorKind::denied);
  REQUIRE(reads == 2);
}

TEST_CASE("a server that asks for patience gets it, within its attempts") {
  int refusals = 2;
  Server server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    if (refusals-- > 0) return connection.respond(429, "slow down", "Retry-After: 3\r\n");
    connection.respond(201, created);
  });
  const auto cluster = server.connect();
  const SteadyTime before = server.loop.clock().now();
  const auto applied = run_until_done(server.loop, cluster->apply(config_map()));
  REQUIRE(applied->was_created);
  REQUIRE(server.loop.clock().now() - before == 6s);
  refusals = 100;
  server.requests.clear();
  const auto refused = run_until_done(server.loop, cluster->apply(config_map()));
  REQUIRE(refused.error().kind == ErrorKind::unavailable);
  REQUIRE(server.requests.size() == 4);
}

TEST_CASE("patience ends with the request's time, and without Retry-After there is none") {
  std::string_view headers = "Retry-After: 60\r\n";
  Server server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(503, "starting", headers);
  });
  const auto cluster = server.connect();
  REQUIRE(run_until_done(server.loop, cluster->discover(Discovery::cached)));
  const SteadyTime before = server.loop.clock().now();
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  headers = "";
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(server.loop.clock().now() == before);
}

TEST_CASE("every request names the program, as the server's audit log shows") {
  Server server;
  const auto cluster = server.connect();
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())).has_value());
  REQUIRE_FALSE(server.requests.empty());
  for (const LoopbackRequest& request : server.requests) {
    CHECK(request.header("User-Agent") == "primocane");
  }
}

TEST_CASE("a server that is not up is unavailable at once, with its address") {
  TestLoop loop;
  const std::string address = fmt::format("127.0.0.1:{}", port_that_refuses());
  const auto cluster = make_kube_api(loop, {.server = "https://" + address}, {});
  const auto refused = run_until_done(loop, cluster->apply(config_map()));
  REQUIRE(
      refused.error() ==
      Error{ErrorKind::unavailable,
            fmt::format("API server: https://{}: cannot connect: Connection refused", address)});
  REQUIRE_FALSE(cluster->is_answering());
}

TEST_CASE("a server that refuses is answering, one that says nothing is not") {
  bool is_silent = false;
  Server server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    if (!is_silent) connection.respond(500, "no");
  });
  const auto cluster = server.connect();
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(cluster->is_answering());
  is_silent = true;
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE_FALSE(cluster->is_answering());
  is_silent = false;
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(cluster->is_answering());
}

TEST_CASE("a connection that breaks is tried again") {
  int breaks = 2;
  Server server([&](const LoopbackRequest&, LoopbackConnection& connection) {
    if (breaks-- > 0) return connection.reset();
    connection.respond(200, created);
  });
  const auto cluster = server.connect();
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
}

TEST_CASE("what is served is asked once for all who want to know") {
  Server server;
  const auto cluster = server.connect();
  int done = 0;
  std::vector<Job> jobs;
  for (int i = 0; i < 20; ++i) {
    jobs.push_back(Job::start<Result<Applied>>(
        cluster->apply(config_map(i % 2 == 0 ? "ConfigMap" : "Cane")), [&](auto) { ++done; }));
  }
  server.loop.run_for(100ms);
  REQUIRE(done == 20);
  REQUIRE(server.count("/api") == 1);
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map("Cane"))).error().kind ==
          ErrorKind::unavailable);
  REQUIRE(server.count("/api") == 1);
}

TEST_CASE("an unknown kind makes it ask again after a while, a known one does not") {
  Server server;
  const auto cluster = server.connect();
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  server.loop.run_for(1s);
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(server.count("/api") == 1);
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map("Cane"))));
  REQUIRE(server.count("/api") == 2);
}

TEST_CASE("whoever waits for discovery may give up without harm to the others") {
  Server server;
  const auto cluster = server.connect();
  bool is_done = false;
  Job impatient = Job::start<Result<Applied>>(cluster->apply(config_map()), [](auto) { FAIL(); });
  const Job patient = Job::start<Result<Applied>>(cluster->apply(config_map()), [&](auto applied) {
    REQUIRE(applied);
    is_done = true;
  });
  impatient.cancel();
  server.loop.run_for(1s);
  REQUIRE(is_done);
}

TEST_CASE("whoever was told what is served may destroy the cluster at once") {
  for (const bool has_discovery : {true, false}) {
    Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.respond(403, "Forbidden");
    });
    server.has_discovery = has_discovery;
    auto cluster = server.connect();
    bool is_done = false;
    const Job job = Job::start<Result<std::vector<ServedKind>>>(
        cluster->discover(Discovery::fresh), [&](auto kinds) {
          REQUIRE(kinds.has_value() == has_discovery);
          cluster.reset();
          is_done = true;
        });
    server.loop.run_for(1s);
    REQUIRE(is_done);
  }
}

TEST_CASE("whoever got the answer to a request, or none in time, may destroy the cluster at once") {
  for (const bool is_answered : {true, false}) {
    Server server([&](const LoopbackRequest&, LoopbackConnection& connection) {
      if (is_answered) connection.respond(201, created);
    });
    auto cluster = server.connect();
    bool is_done = false;
    const Job job =
        Job::start<Result<Applied>>(cluster->apply(config_map()), [&](Result<Applied> applied) {
          REQUIRE(applied.has_value() == is_answered);
          cluster.reset();
          is_done = true;
        });
    server.loop.run_for(1min);
    REQUIRE(is_done);
  }
}

TEST_CASE("whoever is told first what is served may cancel the others and destroy the cluster") {
  Server server;
  auto cluster = server.connect();
  Job second;
  bool is_done = false;
  const Job first =
      Job::start<Result<std::vector<ServedKind>>>(cluster->discover(Discovery::fresh), [&](auto) {
        second.cancel();
        cluster.reset();
        is_done = true;
      });
  second = Job::start<Result<std::vector<ServedKind>>>(cluster->discover(Discovery::fresh),
                                                       [](auto) { FAIL(); });
  server.loop.run_for(1s);
  REQUIRE(is_done);
}

TEST_CASE("a round of asking that fails at once ends for its asker, though others still wait") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(401, "Unauthorized");
  });
  server.has_discovery = false;
  int reads = 0;
  const auto cluster = server.connect({.token_file = "/run/token"}, [&](const std::string&) {
    if (++reads == 1) return Result<std::string>("stale");
    return Result<std::string>(fail(ErrorKind::unavailable, "no such file"));
  });
  int ends = 0;
  Job again;
  const auto ask = [&](std::function<void(Result<std::vector<ServedKind>>)> then) {
    return Job::start<Result<std::vector<ServedKind>>>(cluster->discover(Discovery::fresh),
                                                       std::move(then));
  };
  const Job first = ask([&](auto) {
    ++ends;
    again = ask([&](auto) { ++ends; });
  });
  const Job second = ask([&](auto) { ++ends; });
  server.loop.run_for(1s);
  REQUIRE(ends == 3);
}

TEST_CASE("a route that has gone makes it ask what is served") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(404, "404 page not found\n");
  });
  const auto cluster = server.connect();
  const auto refused = run_until_done(server.loop, cluster->apply(config_map()));
  REQUIRE(refused.error() ==
          Error{ErrorKind::unavailable, "no matches for kind ConfigMap in version v1"});
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE(server.count("/api") == 2);
}

TEST_CASE("a server without aggregated discovery is asked version by version") {
  const std::map<std::string, std::string, std::less<>> documents = {
      {"/api", R"({"kind":"APIVersions","versions":["v1"]})"},
      {"/apis", R"({"groups":[{"name":"apps","versions":[{"version":"v1"}]},
                   {"name":"broken","versions":[{"version":"v1"}]}]})"},
      {"/api/v1",
       R"({"resources":[{"name":"pods","kind":"Pod","namespaced":true,"verbs":["list"]}]})"},
      {"/apis/apps/v1",
       R"({"resources":[{"name":"deployments","kind":"Deployment","verbs":["list"]}]})"}};
  Server server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
    const auto document = documents.find(request.target);
    if (document == documents.end()) return connection.respond(503, "");
    connection.respond(200, document->second, "Content-Type: application/json\r\n");
  });
  server.has_discovery = false;
  const auto kinds =
      run_until_done(server.loop, server.connect()->discover(Discovery::cached)).value();
  REQUIRE(kinds.size() == 2);
  REQUIRE(kinds[0].group_kind == GroupKind{"", "Pod"});
  REQUIRE(kinds[1].group_kind == GroupKind{"apps", "Deployment"});
}

TEST_CASE("a discovery that is refused is the answer of whoever needs it") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(403, R"({"kind":"Status","reason":"Forbidden","message":"not for you"})");
  });
  server.has_discovery = false;
  const auto cluster = server.connect();
  REQUIRE(run_until_done(server.loop, cluster->apply(config_map())).error() ==
          Error{ErrorKind::denied, "discovery: not for you"});
}

TEST_CASE("a list that is cut is unavailable, and its items came once") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, R"({"items":[{"metadata":{"name":"a"}},{"metadata":)");
  });
  const auto cluster = server.connect();
  int items = 0;
  const auto listed = run_until_done(
      server.loop,
      cluster->list_metadata({.group_kind = {"", "ConfigMap"}}, [&](const Value&) { ++items; }));
  REQUIRE(listed.error().kind == ErrorKind::unavailable);
  REQUIRE(items == 1);
}

TEST_CASE("an answer that makes no sense is an error, not an object") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, R"({"metadata":{}})");
  });
  const auto cluster = server.connect();
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  server.answer = [](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, "<html>");
  };
  REQUIRE_FALSE(run_until_done(server.loop, cluster->apply(config_map())));
  REQUIRE_FALSE(run_until_done(server.loop, cluster->get(config_map().id, "v1")));
}
