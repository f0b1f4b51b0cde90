// SPDX-License-Identifier: Apache-2.0
// Specification of where HttpClient goes: no redirects, only the proxies that it was told.
#include "http/http_client.hpp"
#include "http/url_origin.hpp"
#include "support/loopback_server.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <cstdlib>

using namespace primocane;

namespace {

// A server that redirects everything to "/new".
struct Redirecting {
  Redirecting()
      : server(loop,
               [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
                 requests.push_back(request);
                 connection->respond(302, "moved", "Location: /new\r\n");
               }),
        client(loop, {}, HttpVersion::http1) {}

  Result<HttpResponse> send(HttpRequest request) {
    request.url = server.url("/old");
    return run_until_done(loop, client.send(std::move(request)));
  }

  TestLoop loop;
  std::vector<LoopbackRequest> requests;
  LoopbackServer server;
  HttpClient client;
};

}  // namespace

TEST_CASE("a redirect is told and never followed") {
  Redirecting redirecting;
  const auto answer = redirecting.send({.bearer_token = "abc"});
  REQUIRE(answer->status == 302);
  REQUIRE(answer->redirect_url == redirecting.server.url("/new"));
  REQUIRE(redirecting.requests.size() == 1);
}

TEST_CASE("an origin has neither path nor credentials in it") {
  REQUIRE(to_string(origin_of("HTTPS://ada:secret@Git.Example.org/path?token=x").value()) ==
          "https://git.example.org:443");
  REQUIRE(to_string(origin_of("http://[::1]:8080/").value()) == "http://[::1]:8080");
}

TEST_CASE("a configured proxy is asked for the whole URL") {
  TestLoop loop;
  std::string target;
  const LoopbackServer proxy(
      loop, [&](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
        target = request.target;
        connection->respond(200, "by proxy");
      });
  HttpClient client(loop, {}, HttpVersion::http1);
  const auto response =
      run_until_done(loop, client.send({.url = "http://git.invalid/repo", .proxy = proxy.url("")}));
  REQUIRE(response->body == "by proxy");
  REQUIRE(target == "http://git.invalid/repo");
}

TEST_CASE("a proxy sees nothing of the request to an https server but its name") {
  TestLoop loop;
  LoopbackRequest seen;
  const LoopbackServer proxy(
      loop, [&](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
        seen = request;
        connection->respond(403, "no");
      });
  HttpClient client(loop, {}, HttpVersion::http2_one);
  const auto refused = run_until_done(loop, client.send({.url = "https://git.invalid/repo",
                                                         .headers = {"X-Secret: hidden"},
                                                         .bearer_token = "hidden",
                                                         .proxy = proxy.url("")}));
  REQUIRE(refused.error().kind == ErrorKind::unavailable);
  REQUIRE(seen.method == "CONNECT");
  REQUIRE(seen.target == "git.invalid:443");
  REQUIRE(seen.head.find("hidden") == std::string::npos);
}

TEST_CASE("the environment's proxies are not used") {
  ::setenv("http_proxy", fmt::format("http://127.0.0.1:{}", port_that_refuses()).c_str(), 1);
  Redirecting direct;
  const auto response = direct.send({});
  ::unsetenv("http_proxy");
  REQUIRE(response->status == 302);
}
