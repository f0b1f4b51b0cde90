// SPDX-License-Identifier: Apache-2.0
// Specification of HttpClient's requests and responses.
#include "http/http_client.hpp"

#include "http/gzip.hpp"
#include "support/loopback_server.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <cstdlib>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

// A server that answers every request with the same bytes, and a client on the same loop.
struct Exchange {
  explicit Exchange(std::string answer_bytes, HttpVersion version = HttpVersion::http1)
      : answer(std::move(answer_bytes)),
        server(loop,
               [this](const LoopbackRequest& request, const LoopbackConnectionPtr& connection) {
                 last = request;
                 connection->send(answer);
               }),
        client(loop, {}, version) {}

  Result<HttpResponse> send(HttpRequest request, BodySink sink = {}) {
    if (request.url.empty()) request.url = server.url();
    return run_until_done(loop, client.send(std::move(request), std::move(sink)));
  }

  TestLoop loop;
  std::string answer;
  LoopbackRequest last;
  LoopbackServer server;
  HttpClient client;
};

std::string ok(std::string_view body, std::string_view headers = {}) {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{}\r\n{}", body.size(), headers,
                     body);
}

}  // namespace

TEST_CASE("status, body and type of a response arrive") {
  Exchange exchange(
      "HTTP/1.1 418 Teapot\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nshort");
  const Result<HttpResponse> response = exchange.send({});
  REQUIRE(response);
  REQUIRE(response->status == 418);
  REQUIRE(response->body == "short");
  REQUIRE(response->content_type == "text/plain");
  REQUIRE(response->bytes_received > 5);
  REQUIRE(response->bytes_sent > 0);
  REQUIRE(exchange.client.requests_sent() == 1);
}

TEST_CASE("the headers of a response that were asked for arrive, each as often as it came") {
  Exchange exchange(
      ok("", "WWW-Authenticate: Basic\r\nLink: </next>\r\nwww-authenticate: Bearer\r\n"));
  const Result<HttpResponse> response =
      exchange.send({.url = {}, .wanted_headers = {"WWW-Authenticate", "Etag"}});
  REQUIRE(response);
  REQUIRE(response->headers.size() == 2);
  CHECK(response->headers[1].value == "Bearer");
  CHECK(response->header("WWW-Authenticate") == "Basic");
  CHECK(response->header("Etag").empty());
  CHECK(response->header("Link").empty());
}

TEST_CASE("method, headers and body are sent as they were asked for") {
  Exchange exchange(ok(""));
  REQUIRE(exchange.send({.method = "PATCH",
                         .url = exchange.server.url("/api/v1?force=true"),
                         .headers = {"Content-Type: application/apply-patch+yaml"},
                         .body = R"({"kind":"ConfigMap"})"}));
  REQUIRE(exchange.last.method == "PATCH");
  REQUIRE(exchange.last.target == "/api/v1?force=true");
  REQUIRE(exchange.last.header("Content-Type") == "application/apply-patch+yaml");
  REQUIRE(exchange.last.header("Expect").empty());
  REQUIRE(exchange.last.body == R"({"kind":"ConfigMap"})");
}

TEST_CASE("a DELETE carries its body and a POST without one says so") {
  Exchange exchange(ok(""));
  REQUIRE(exchange.send({.method = "DELETE", .url = {}, .body = "{}"}));
  REQUIRE(exchange.last.method == "DELETE");
  REQUIRE(exchange.last.body == "{}");
  REQUIRE(exchange.send({.method = "POST", .url = {}}));
  REQUIRE(exchange.last.header("Content-Length") == "0");
}

TEST_CASE("a sink takes the body of a success and not that of a failure") {
  Exchange exchange(ok("all is well"));
  std::string taken;
  const BodySink sink = [&](std::string_view piece) {
    taken += piece;
    return Result<void>();
  };
  REQUIRE(exchange.send({}, sink)->body.empty());
  REQUIRE(taken == "all is well");
  exchange.answer = "HTTP/1.1 500 Oops\r\nContent-Length: 6\r\n\r\nbroken";
  REQUIRE(exchange.send({}, sink)->body == "broken");
  REQUIRE(taken == "all is well");
}

TEST_CASE("a sink's error ends the transfer and becomes the request's") {
  Exchange exchange(ok("something unexpected"));
  const auto response = exchange.send(
      {}, [](std::string_view) { return Result<void>(fail(ErrorKind::conflict, "not that")); });
  REQUIRE(response.error() == Error{ErrorKind::conflict, "not that"});
}

TEST_CASE("a packed answer is unpacked, and its limit counts what comes out") {
  const std::string plain(100'000, 'x');
  Exchange exchange(ok(gzip_if_smaller(plain).value(), "Content-Encoding: gzip\r\n"));
  REQUIRE(exchange.send({})->body == plain);
  REQUIRE(exchange.last.header("Accept-Encoding") == "gzip");
  const auto refused = exchange.send({.url = {}, .response_max = ByteCount(99'999)});
  REQUIRE(refused.error().kind == ErrorKind::invalid);
  REQUIRE(exchange.send({.url = {}, .response_max = ByteCount(100'000)}));
}

TEST_CASE("garbage that claims to be packed is an error") {
  Exchange exchange(ok("this is not gzip at all", "Content-Encoding: gzip\r\n"));
  REQUIRE(exchange.send({}).error().kind == ErrorKind::unavailable);
}

TEST_CASE("a request's body is packed only on demand and only where that makes it smaller") {
  Exchange exchange(ok(""));
  const std::string body(10'000, 'y');
  REQUIRE(exchange.send({.method = "POST", .url = {}, .body = body}));
  REQUIRE(exchange.last.body == body);
  REQUIRE(exchange.send({.method = "POST", .url = {}, .body = body, .compress_body = true}));
  REQUIRE(exchange.last.header("Content-Encoding") == "gzip");
  REQUIRE(exchange.last.body == gzip_if_smaller(body));
  REQUIRE(exchange.send({.method = "POST", .url = {}, .body = "tiny", .compress_body = true}));
  REQUIRE(exchange.last.header("Content-Encoding").empty());
  REQUIRE(exchange.last.body == "tiny");
}

TEST_CASE("Retry-After is understood in seconds") {
  Exchange exchange("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(exchange.send({})->retry_after == 7s);
  exchange.answer = ok("");
  REQUIRE(exchange.send({})->retry_after == std::nullopt);
}

TEST_CASE("Retry-After is understood as a date") {
  Exchange exchange(
      "HTTP/1.1 503 Busy\r\nRetry-After: Fri, 01 Jan 2100 00:00:00 GMT\r\nContent-Length: "
      "0\r\n\r\n");
  REQUIRE(exchange.send({})->retry_after > 1h);
}

TEST_CASE("credentials go into the Authorization header") {
  Exchange exchange(ok(""));
  REQUIRE(exchange.send({.url = {}, .bearer_token = "abc"}));
  REQUIRE(exchange.last.header("Authorization") == "Bearer abc");
  REQUIRE(exchange.send({.url = {}, .username = "ada", .password = "secret"}));
  REQUIRE(exchange.last.header("Authorization") == "Basic YWRhOnNlY3JldA==");
  REQUIRE(exchange.send({}));
  REQUIRE(exchange.last.header("Authorization").empty());
}

TEST_CASE("a URL that cannot be used is an error that does not repeat it") {
  Exchange exchange(ok(""));
  for (const std::string url : {"ftp://secret@host/", "no url", "file:///etc/secret", "https://"}) {
    const auto refused = exchange.send({.url = url});
    REQUIRE(refused.error().kind == ErrorKind::invalid);
    REQUIRE(refused.error().message.find("secret") == std::string::npos);
  }
}

TEST_CASE("where HTTP/2 is wanted but not spoken, requests still run side by side") {
  TestLoop loop;
  std::vector<LoopbackConnectionPtr> held;
  LoopbackServer server(loop,
                        [&](const LoopbackRequest& request, LoopbackConnectionPtr connection) {
                          if (request.target == "/first") return connection->respond(200, "");
                          held.push_back(std::move(connection));
                          if (held.size() < 3) return;
                          for (const LoopbackConnectionPtr& each : held) each->respond(200, "");
                        });
  HttpClient client(loop, {}, HttpVersion::http2_one);
  REQUIRE(run_until_done(loop, client.send({.url = server.url("/first")})));
  int done = 0;
  std::vector<Job> jobs;
  for (int i = 0; i < 3; ++i) {
    jobs.push_back(Job::start<Result<HttpResponse>>(
        client.send({.url = server.url("/")}), [&](auto response) { done += response ? 1 : 0; }));
  }
  loop.run_for(1s);
  REQUIRE(done == 3);
  REQUIRE(server.connections_accepted() == 3);
}

TEST_CASE("one connection serves one request after the other") {
  Exchange exchange(ok("again"));
  for (int i = 0; i < 5; ++i) REQUIRE(exchange.send({}));
  REQUIRE(exchange.server.connections_accepted() == 1);
}
