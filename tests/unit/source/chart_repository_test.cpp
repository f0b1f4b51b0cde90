// SPDX-License-Identifier: Apache-2.0
// Specification of how a HelmRepository is asked for versions, with real children.
#include "source/chart_repository.hpp"

#include "base/base64.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "memory_registry.hpp"
#include "support/loopback_server.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

using namespace primocane;

namespace {

using Serve = std::function<void(const LoopbackRequest&, LoopbackConnection&)>;

constexpr std::string_view small_index = R"(apiVersion: v1
entries:
  podinfo:
  - {version: 6.1.0, urls: [podinfo-6.1.0.tgz], digest: abc, appVersion: v6}
  - {version: 6.2.0-rc.1, urls: [podinfo-6.2.0-rc.1.tgz]}
  - {version: 5.0.0, urls: ["https://mirror.example.org/podinfo-5.0.0.tgz"]}
  broken: text
  homeless:
  - version: 1.0.0
)";

struct ChartWorld {
  explicit ChartWorld(Serve serve)
      : server(*loop, [this, serve = std::move(serve)](const LoopbackRequest& request,
                                                       const LoopbackConnectionPtr& connection) {
          requests.push_back(request.target);
          last = request;
          serve(request, *connection);
        }) {
    settings.url = server.url("/charts/");
    settings.folder = folder.path();
  }

  std::vector<std::string> resolve(ChartRepository& repository, std::vector<ChartWish> wishes) {
    const auto found = run_until_done(*loop, repository.resolve(std::move(wishes)));
    if (!found) return {said(found.error())};
    std::vector<std::string> lines;
    for (const auto& version : *found) {
      lines.push_back(version ? version->version + " " + version->url : said(version.error()));
    }
    return lines;
  }
  std::vector<std::string> resolve(std::vector<ChartWish> wishes) {
    ChartRepository repository(settings, *loop, children);
    return resolve(repository, std::move(wishes));
  }
  std::string said(const Error& error) const {
    const std::string prefix = settings.url.substr(0, settings.url.find('?')) + ": ";
    CHECK(error.message.starts_with(prefix));
    return std::string(to_string(error.kind)) + ": " +
           error.message.substr(std::min(prefix.size(), error.message.size()));
  }

  TemporaryFolder folder;
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  Children children{*loop, {.boxing = Boxing::best_effort, .box_user = {}}};
  std::vector<std::string> requests;
  LoopbackRequest last;
  LoopbackServer server;
  ChartRepositorySettings settings;
};

Serve always(std::string body) {
  return [body = std::move(body)](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(200, body);
  };
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("charts of a repository are found in its index by their ranges", "[native]") {
  ChartWorld world(always(std::string(small_index)));
  const std::string base = world.settings.url;
  CHECK(world.resolve({{"podinfo", ""}, {"podinfo", "5.x"}, {"podinfo", ">=6.2.0-0"}}) ==
        Lines{"6.1.0 " + base + "podinfo-6.1.0.tgz",
              "5.0.0 https://mirror.example.org/podinfo-5.0.0.tgz",
              "6.2.0-rc.1 " + base + "podinfo-6.2.0-rc.1.tgz"});
  CHECK(world.requests == Lines{"/charts/index.yaml"});
}

TEST_CASE("a chart that can't be found does not keep the others", "[native]") {
  ChartWorld world(always(std::string(small_index)));
  const Lines found = world.resolve({{"missing", ""},
                                     {"broken", ""},
                                     {"homeless", ""},
                                     {"podinfo", "9.x"},
                                     {"podinfo", "6.1.0"}});
  REQUIRE(found.size() == 5);
  CHECK(found[0] == "invalid: has no chart missing");
  CHECK(found[1] == "invalid: the entries of chart broken are a string: expected a list");
  CHECK(found[2] == "invalid: chart homeless: version 1.0.0 has no URL");
  CHECK(found[3] == "invalid: chart podinfo: none of its 3 versions is in the range \"9.x\"");
  CHECK(found[4].starts_with("6.1.0 "));
}

TEST_CASE("an index that has not changed is not sent again", "[native]") {
  std::string sent;
  ChartWorld world([&sent](const LoopbackRequest& request, LoopbackConnection& connection) {
    sent = request.header("If-None-Match");
    if (sent == "\"one\"") return connection.respond(304, "", "ETag: \"one\"\r\n");
    connection.respond(200, small_index, "ETag: \"one\"\r\n");
  });
  ChartRepository repository(world.settings, *world.loop, world.children);
  const Lines first = world.resolve(repository, {{"podinfo", ""}});
  CHECK(sent.empty());
  CHECK(world.resolve(repository, {{"podinfo", ""}}) == first);
  CHECK(sent == "\"one\"");
  CHECK(world.resolve(repository, {{"podinfo", "5.x"}}).front().starts_with("5.0.0 "));
  CHECK(sent.empty());
}

TEST_CASE("a repository's query stays, and is in no message", "[native]") {
  ChartWorld world(always("no index"));
  world.settings.url = world.server.url("/charts?token=s3cret");
  const Lines found = world.resolve({{"podinfo", ""}});
  CHECK(found.front().contains("its index.yaml: is no index of a Helm repository"));
  CHECK(found.front().find("s3cret") == std::string::npos);
  CHECK(world.requests == Lines{"/charts/index.yaml?token=s3cret"});
}

TEST_CASE("a repository is told its login, and another host only if that is asked for",
          "[native]") {
  std::string target;
  ChartWorld world([&target](const LoopbackRequest&, LoopbackConnection& connection) {
    connection.respond(302, "", fmt::format("Location: {}\r\n", target));
  });
  std::string seen = "nothing";
  const LoopbackServer other(*world.loop, [&seen](const LoopbackRequest& request,
                                                  const LoopbackConnectionPtr& connection) {
    seen = request.header("Authorization");
    connection->respond(200, small_index);
  });
  target = other.url("/index");
  world.settings.username = "ann";
  world.settings.password = "pw";
  const std::string login = "Basic " + to_base64("ann:pw");
  CHECK(world.resolve({{"podinfo", ""}}).front().starts_with("6.1.0 "));
  CHECK(world.last.header("Authorization") == login);
  CHECK(seen.empty());
  world.settings.credentials = CredentialScope::all_hosts;
  world.resolve({{"podinfo", ""}});
  CHECK(seen == login);
}

TEST_CASE("a repository that does not answer with an index says why", "[native]") {
  const auto refusal = [](int status) {
    ChartWorld world([status](const LoopbackRequest&, LoopbackConnection& connection) {
      connection.respond(status, "secret page");
    });
    return world.resolve({{"podinfo", ""}}).front();
  };
  CHECK(refusal(401) ==
        "denied: does not accept the login (status 401): look at the Secret of spec.secretRef");
  CHECK(refusal(404) == "denied: has no index.yaml (status 404): look at spec.url");
  CHECK(refusal(503) == "unavailable: answers with status 503");
  CHECK(refusal(304) == "denied: answers with status 304");
}

TEST_CASE("charts of an OCI registry are found by their tags") {
  SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = EpollLoop::make(clock).value();
  MemoryRegistry registry(*loop);
  registry.tags = {"1.0.0", "1.1.0_x", "2.0.0-rc.1"};
  const OciUrl org =
      OciUrl::parse(fmt::format("oci://127.0.0.1:{}/org", registry.server.port())).value();
  const std::vector<ChartWish> wishes{{"app", ""}, {"app", "1.0.0"}, {"none", ""}, {"App", ""}};
  const ChartVersions found =
      run_until_done(*loop, resolve_oci_charts(loop.get(), org, {}, wishes));
  REQUIRE(found.size() == 4);
  CHECK(found[0]->version == "1.1.0+x");
  CHECK(found[0]->url == org.str() + "/app");
  CHECK(found[1]->version == "1.0.0");
  CHECK(found[2].error().kind == ErrorKind::denied);
  CHECK(found[3].error().kind == ErrorKind::invalid);
}
