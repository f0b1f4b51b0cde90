// SPDX-License-Identifier: Apache-2.0
// Specification of where HttpClient goes: redirects, proxies, and what never follows them.
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

// A server that redirects "/old" to `target` with `status` and answers everything else.
struct Redirecting {
  explicit Redirecting(int redirect_status)
      : status(redirect_status),
        server(loop,
               [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
                 requests.push_back(request);
                 if (!request.target.starts_with("/old")) return connection->respond(200, "here");
                 connection->respond(status, "moved", fmt::format("Location: {}\r\n", target));
               }),
        client(loop, {}, HttpVersion::http1) {}

  Result<HttpResponse> send(HttpRequest request) {
    request.url = server.url("/old");
    return run_until_done(loop, client.send(std::move(request)));
  }

  TestLoop loop;
  int status;
  std::string target = "/new";
  std::vector<LoopbackRequest> requests;
  LoopbackServer server;
  HttpClient client;
};

}  // namespace

TEST_CASE("a redirect is followed only as often as asked for") {
  Redirecting redirecting(302);
  const auto not_followed = redirecting.send({});
  REQUIRE(not_followed->status == 302);
  REQUIRE(not_followed->redirect_url == redirecting.server.url("/new"));
  REQUIRE(redirecting.send({.redirects_max = 1})->body == "here");
  redirecting.target = "/old";
  redirecting.requests.clear();
  REQUIRE(redirecting.send({.redirects_max = 3})->status == 302);
  REQUIRE(redirecting.requests.size() == 4);
}

TEST_CASE("a redirect on the same host takes the credentials along") {
  Redirecting redirecting(307);
  REQUIRE(redirecting.send({.bearer_token = "abc", .redirects_max = 1}));
  REQUIRE(redirecting.requests.back().header("Authorization") == "Bearer abc");
}

TEST_CASE("a redirect to another host is never followed") {
  Redirecting redirecting(302);
  bool was_asked = false;
  const LoopbackServer other(redirecting.loop,
                             [&](const LoopbackRequest&, const LoopbackConnectionPtr& held) {
                               was_asked = true;
                               held->respond(200, "");
                             });
  redirecting.target = other.url("/new");
  const auto answer = redirecting.send({.bearer_token = "abc", .redirects_max = 5});
  REQUIRE(answer->status == 302);
  REQUIRE(answer->redirect_url == other.url("/new"));
  REQUIRE_FALSE(was_asked);
}

TEST_CASE("a body is sent again where the method stays, and never becomes a GET") {
  Redirecting permanent(308);
  REQUIRE(permanent.send({.method = "POST", .body = "want", .redirects_max = 1})->body == "here");
  REQUIRE(permanent.requests.back().method == "POST");
  REQUIRE(permanent.requests.back().body == "want");
  Redirecting found(302);
  REQUIRE(found.send({.method = "POST", .body = "want", .redirects_max = 1})->status == 302);
  REQUIRE(found.requests.size() == 1);
}

TEST_CASE("only the same host is trusted, and https never becomes http") {
  const UrlOrigin git{"https", "git.example.org", "443"};
  REQUIRE(may_redirect(git, git));
  REQUIRE(may_redirect({"http", "git.example.org", "80"}, git));
  REQUIRE_FALSE(may_redirect(git, {"http", "git.example.org", "80"}));
  REQUIRE_FALSE(may_redirect(git, {"https", "git.example.org", "8443"}));
  REQUIRE_FALSE(may_redirect(git, {"https", "evil.example.org", "443"}));
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
  Redirecting direct(302);
  const auto response = direct.send({});
  ::unsetenv("http_proxy");
  REQUIRE(response->status == 302);
}
