// SPDX-License-Identifier: Apache-2.0
// Specification of KubeApi's watches where the contract of ClusterWatch says nothing: servers that
// can't tell what is there, and how a watch ends.
#include "cluster/kube_api.hpp"
#include "support/loopback_server.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view aggregated =
    "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList\r\n";
constexpr std::string_view core_group = R"({"items":[{"metadata":{},"versions":[{"version":"v1",
  "resources":[{"resource":"configmaps","responseKind":{"kind":"ConfigMap"},"scope":"Namespaced",
  "verbs":["list","watch"]}]}]}]})";

std::string status(int code, std::string_view message) {
  return fmt::format(R"({{"kind":"Status","code":{},"message":"{}"}})", code, message);
}

// An API server that serves ConfigMaps; `answer` answers lists and watches of them.
struct Server {
  using Answer = std::function<void(const LoopbackRequest&, LoopbackConnection&)>;

  explicit Server(Answer answer)
      : server(loop, [this, answer = std::move(answer)](const LoopbackRequest& request,
                                                        const LoopbackConnectionPtr& connection) {
          if (request.target == "/api") return connection->respond(200, core_group, aggregated);
          if (request.target == "/apis")
            return connection->respond(200, R"({"items":[]})", aggregated);
          if (request.target.ends_with("fieldSelector=metadata.name%3D-")) {
            return connection->respond(
                200,
                fmt::format(R"({{"metadata":{{"resourceVersion":"{}"}},"items":[]}})", reached));
          }
          targets.push_back(request.target);
          answer(request, *connection);
        }) {
    ClusterAccess access;
    access.server = server.url("");
    cluster = make_kube_api(loop, std::move(access), {}, {});
  }

  // Watches until that ends; `heard` has what was told.
  Result<WatchEnd> watch(std::string since = {}, std::string name = {}) {
    WatchQuery query{.group_kind = {"", "ConfigMap"},
                     .namespace_name = {},
                     .label_selector = "a=b",
                     .name = std::move(name),
                     .resource_version = std::move(since)};
    ClusterWatch::Take take = [this](const WatchEvent& event) -> Result<void> {
      heard.push_back(fmt::format("{} {} {}", static_cast<int>(event.kind),
                                  event.object.text_at("metadata", "name"),
                                  event.resource_version));
      return {};
    };
    return run_until_done(loop, cluster->watch(std::move(query), std::move(take)));
  }

  TestLoop loop;
  int reached = 1'000;  // how far the server's cache has come
  std::vector<std::string> targets;
  std::vector<std::string> heard;
  LoopbackServer server;
  std::unique_ptr<ApiServer> cluster;
};

constexpr std::string_view listed =
    R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"20"},"items":[)"
    R"({"metadata":{"name":"a","uid":"u","resourceVersion":"12"}}]})";
constexpr std::string_view changed =
    R"({"type":"MODIFIED","object":{"metadata":{"name":"a","uid":"u","resourceVersion":"21"}}})";

}  // namespace

TEST_CASE("a server that can't tell what is there is asked for a list, once it is known") {
  for (const std::string_view refusal :
       {"sendInitialEvents: Forbidden: sendInitialEvents is forbidden for watch unless the "
        "WatchList feature gate is enabled",
        "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch"}) {
    Server server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
      if (request.target.find("sendInitialEvents") != std::string::npos) {
        return connection.respond(422, status(422, refusal));
      }
      const bool is_watch = request.target.find("watch=true") != std::string::npos;
      connection.respond(200, is_watch ? changed : listed);
    });
    REQUIRE(server.watch() == WatchEnd::over);
    CHECK(server.heard == std::vector<std::string>{"1 a 12", "3  20", "0  ", "1 a 21"});
    REQUIRE(server.targets.size() == 3);
    CHECK(server.targets[1].find("resourceVersion=0") != std::string::npos);
    CHECK(server.targets[1].find("labelSelector=a%3Db") != std::string::npos);
    CHECK(server.targets[2].find("resourceVersion=20&") != std::string::npos);
    server.targets.clear();
    REQUIRE(server.watch() == WatchEnd::over);
    CHECK(server.targets.size() == 2);
  }
}

TEST_CASE("a watch of one name asks for no others") {
  for (const bool has_initial_events : {true, false}) {
    Server server([&](const LoopbackRequest& request, LoopbackConnection& connection) {
      const bool is_refused =
          !has_initial_events && request.target.find("sendInitialEvents") != std::string::npos;
      if (is_refused) {
        return connection.respond(
            422, status(422,
                        "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for "
                        "watch unless the WatchList feature gate is enabled"));
      }
      const bool is_watch = request.target.find("watch=true") != std::string::npos;
      connection.respond(200, is_watch ? changed : listed);
    });
    REQUIRE(server.watch({}, "a") == WatchEnd::over);
    CHECK(server.targets.size() == (has_initial_events ? 1 : 3));
    for (const std::string& target : server.targets) {
      CHECK(target.ends_with("&fieldSelector=metadata.name%3Da"));
    }
  }
}

TEST_CASE("a list that says no version is no ground to watch from") {
  Server server([](const LoopbackRequest& request, LoopbackConnection& connection) {
    if (request.target.find("sendInitialEvents") != std::string::npos) {
      return connection.respond(400, status(400, "unknown sendInitialEvents"));
    }
    connection.respond(200, R"({"metadata":{},"items":[]})");
  });
  const Result<WatchEnd> end = server.watch();
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::invalid);
}

TEST_CASE("a version that is too old is told as expired, by the status and by an event") {
  Server refused([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(410, status(410, "too old resource version"));
  });
  CHECK(refused.watch("7") == WatchEnd::expired);
  Server told([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, fmt::format(R"({{"type":"ERROR","object":{}}})",
                                        status(410, "too old resource version")));
  });
  CHECK(told.watch("7") == WatchEnd::expired);
}

TEST_CASE("a version that the server has not reached is expired too: it was restored") {
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, changed);
  });
  server.reached = 6;
  CHECK(server.watch("7") == WatchEnd::expired);
  CHECK(server.targets.empty());
}

TEST_CASE("a kind that is gone is not served, and one that can't be watched is told apart") {
  for (const auto& [code, end] :
       {std::pair{404, WatchEnd::not_served}, {405, WatchEnd::unwatchable}}) {
    Server server([code = code](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.respond(code, status(code, "no"));
    });
    CHECK(server.watch() == end);
  }
}

TEST_CASE("a refusal is denied, garbage is invalid, and a cut stream is unavailable") {
  Server forbidden([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(403, status(403, "configmaps is forbidden"));
  });
  CHECK(forbidden.watch().error().kind == ErrorKind::denied);
  Server garbage([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, "<html>");
  });
  CHECK(garbage.watch().error().kind == ErrorKind::invalid);
  Server cut([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"type\"");
    connection.close();
  });
  CHECK(cut.watch().error().kind == ErrorKind::unavailable);
}

TEST_CASE("a watch that says nothing for minutes is given up, and an answer resumes it") {
  Server silent([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  });
  const SteadyTime before = silent.loop.clock().now();
  const Result<WatchEnd> end = silent.watch("7");
  REQUIRE_FALSE(end);
  CHECK(end.error().kind == ErrorKind::unavailable);
  CHECK(silent.heard == std::vector<std::string>{"0  "});
  const Duration waited = silent.loop.clock().now() - before;
  CHECK(waited >= 5min);
  CHECK(waited < 7min);
}

TEST_CASE("more watches than one connection has room for get another one") {
  std::vector<LoopbackConnectionPtr> open;
  Server server([](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  });
  std::vector<Job> jobs;
  for (int i = 0; i < 70; ++i) {
    WatchQuery query{.group_kind = {"", "ConfigMap"},
                     .namespace_name = {},
                     .label_selector = {},
                     .resource_version = "7"};
    jobs.push_back(Job::start<Result<WatchEnd>>(
        server.cluster->watch(std::move(query), [](const WatchEvent&) { return Result<void>(); }),
        [](Result<WatchEnd>) {}));
  }
  server.loop.run_for(1s);
  CHECK(server.targets.size() == 70);
}
