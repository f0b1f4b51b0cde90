// SPDX-License-Identifier: Apache-2.0
// Specification of HttpClient where something goes wrong: broken connections, time, cancellation.
#include "http/http_client.hpp"
#include "support/loopback_server.hpp"
#include "support/print.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

// A server that keeps the connection of the last request for the test to answer on.
struct Waiting {
  Waiting()
      : server(loop,
               [this](const LoopbackRequest& request, LoopbackConnectionPtr connection) {
                 last = request;
                 held = std::move(connection);
                 if (on_request) on_request();
               }),
        client(loop, {}, HttpVersion::http1) {}

  Result<HttpResponse> send(HttpRequest request) {
    request.url = server.url();
    return run_until_done(loop, client.send(std::move(request)));
  }

  TestLoop loop;
  LoopbackRequest last;
  LoopbackConnectionPtr held;
  std::function<void()> on_request;
  LoopbackServer server;
  HttpClient client;
};

}  // namespace

TEST_CASE("a refused connection is unavailable and names the address") {
  TestLoop loop;
  HttpClient client(loop, {}, HttpVersion::http1);
  const std::uint16_t port = port_that_refuses();
  const auto refused = run_until_done(
      loop, client.send({.url = fmt::format("http://127.0.0.1:{}/secret/path?token=x", port)}));
  REQUIRE(refused.error().kind == ErrorKind::unavailable);
  REQUIRE(refused.error().message ==
          fmt::format("http://127.0.0.1:{}: cannot connect: Connection refused", port));
}

TEST_CASE("a proxy that refuses the connection is named, without its password") {
  TestLoop loop;
  HttpClient client(loop, {}, HttpVersion::http1);
  const std::uint16_t port = port_that_refuses();
  for (const std::string url : {"http://git.invalid/x", "https://git.invalid/x"}) {
    const auto refused = run_until_done(
        loop, client.send({.url = url, .proxy = fmt::format("http://me:word@127.0.0.1:{}", port)}));
    REQUIRE(refused.error().kind == ErrorKind::unavailable);
    REQUIRE(refused.error().message.ends_with(
        fmt::format("cannot connect to the proxy 127.0.0.1:{}: Connection refused", port)));
    REQUIRE(refused.error().message.find("word") == std::string::npos);
  }
}

TEST_CASE("a proxy that wants other credentials denies, one that fails is unavailable") {
  const auto kind_after = [](int status) {
    TestLoop loop;
    HttpClient client(loop, {}, HttpVersion::http1);
    const LoopbackServer proxy(
        loop, [status](const LoopbackRequest&, const LoopbackConnectionPtr& connection) {
          connection->respond(status, "no");
        });
    const auto refused =
        run_until_done(loop, client.send({.url = "https://git.invalid/x", .proxy = proxy.url("")}));
    INFO(refused.error().message);
    REQUIRE(refused.error().message.find("the proxy 127.0.0.1:") != std::string::npos);
    return refused.error().kind;
  };
  REQUIRE(kind_after(407) == ErrorKind::denied);
  REQUIRE(kind_after(502) == ErrorKind::unavailable);
}

TEST_CASE("a connection that is reset before the answer is unavailable") {
  Waiting waiting;
  waiting.on_request = [&] { waiting.held->reset(); };
  REQUIRE(waiting.send({}).error().kind == ErrorKind::unavailable);
}

TEST_CASE("of a failure's body so much is kept as a message needs, whatever a success may hold") {
  Waiting waiting;
  const std::string body(error_body_max + 100'000, 'x');
  std::size_t taken = 0;
  const auto send = [&](int status) {
    waiting.on_request = [&waiting, &body, status] { waiting.held->respond(status, body); };
    return run_until_done(waiting.loop, waiting.client.send({.url = waiting.server.url()},
                                                            [&taken](std::string_view piece) {
                                                              taken += piece.size();
                                                              return Result<void>();
                                                            }))
        .value();
  };
  REQUIRE(send(503).body.size() == error_body_max);
  REQUIRE(taken == 0);
  REQUIRE(send(200).body.empty());
  REQUIRE(taken == body.size());
}

TEST_CASE("a request that may arrive twice is sent again when its connection breaks") {
  const auto send_to_reset = [](int resets, int resends_max) {
    Waiting waiting;
    waiting.on_request = [&] {
      if (resets-- > 0) return waiting.held->reset();
      waiting.held->respond(200, "at last");
    };
    return waiting.send({.resends_max = resends_max});
  };
  REQUIRE(send_to_reset(2, 2)->body == "at last");
  REQUIRE(send_to_reset(2, 1).error().kind == ErrorKind::unavailable);
  REQUIRE(send_to_reset(1, 0).error().kind == ErrorKind::unavailable);
}

TEST_CASE("nothing is sent again once the sink has been given something") {
  Waiting waiting;
  int requests = 0;
  waiting.on_request = [&] {
    ++requests;
    waiting.held->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbut this is all");
    waiting.held->close();
  };
  const BodySink sink = [](std::string_view) { return Result<void>(); };
  HttpRequest request{.url = waiting.server.url(), .resends_max = 5};
  REQUIRE_FALSE(run_until_done(waiting.loop, waiting.client.send(std::move(request), sink)));
  REQUIRE(requests == 1);
}

TEST_CASE("an answer that is cut in the middle is unavailable") {
  Waiting waiting;
  waiting.on_request = [&] {
    waiting.held->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbut this is all");
    waiting.held->close();
  };
  REQUIRE(waiting.send({}).error().kind == ErrorKind::unavailable);
}

TEST_CASE("what is no HTTP at all is unavailable") {
  Waiting waiting;
  waiting.on_request = [&] {
    waiting.held->send("SSH-2.0-OpenSSH_9.2\r\n");
    waiting.held->close();
  };
  REQUIRE(waiting.send({}).error().kind == ErrorKind::unavailable);
}

TEST_CASE("endless headers are given up") {
  Waiting waiting;
  waiting.on_request = [&] {
    std::string headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20'000; ++i) headers += fmt::format("X-Header-{}: more and more\r\n", i);
    waiting.held->send(headers);
  };
  REQUIRE(waiting.send({}).error().kind == ErrorKind::unavailable);
}

TEST_CASE("a server that never answers costs the whole time and no more") {
  Waiting waiting;
  const SteadyTime before = waiting.loop.clock().now();
  const auto gone = waiting.send({.timeout = 5s, .stall_timeout = 0s});
  REQUIRE(gone.error().kind == ErrorKind::unavailable);
  REQUIRE(waiting.loop.clock().now() - before == 5s);
  REQUIRE(waiting.loop.pending() == 0);
}

TEST_CASE("an answer that stops coming is a stall, one that drips is not") {
  Waiting waiting;
  std::unique_ptr<Registration> next_drop;
  int drops = 0;
  std::function<void()> drip = [&] {
    waiting.held->send("x");
    if (++drops < 5) next_drop = waiting.loop.after(8s, drip);
  };
  waiting.on_request = [&] {
    waiting.held->send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    next_drop = waiting.loop.after(8s, drip);
  };
  const SteadyTime before = waiting.loop.clock().now();
  const auto stalled = waiting.send({.timeout = 0s, .stall_timeout = 10s});
  REQUIRE(stalled.error().kind == ErrorKind::unavailable);
  REQUIRE(drops == 5);
  REQUIRE(waiting.loop.clock().now() - before == 50s);
}

TEST_CASE("a closed gate holds the body back, and that is no stall") {
  Waiting waiting;
  BodyGate gate;
  std::string taken;
  std::unique_ptr<Registration> opening;
  waiting.on_request = [&] { waiting.held->respond(200, "held back"); };
  gate.close();
  opening = waiting.loop.after(1h, [&] {
    REQUIRE(taken.empty());
    gate.open();
  });
  HttpRequest request{.url = waiting.server.url(), .timeout = 0s, .stall_timeout = 10s};
  const BodySink sink = [&](std::string_view piece) {
    taken += piece;
    return Result<void>();
  };
  REQUIRE(run_until_done(waiting.loop, waiting.client.send(std::move(request), sink, &gate)));
  REQUIRE(taken == "held back");
}

TEST_CASE("a gate that a sink closes holds back what comes next") {
  Waiting waiting;
  BodyGate gate;
  std::vector<std::string> taken;
  std::unique_ptr<Registration> opening;
  waiting.on_request = [&] {
    waiting.held->send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
    opening = waiting.loop.after(1s, [&] {
      waiting.held->send("two");
      opening = waiting.loop.after(1s, [&] {
        REQUIRE(taken.size() == 1);
        gate.open();
      });
    });
  };
  const BodySink sink = [&](std::string_view piece) {
    taken.emplace_back(piece);
    gate.close();
    return Result<void>();
  };
  HttpRequest request{.url = waiting.server.url()};
  REQUIRE(run_until_done(waiting.loop, waiting.client.send(std::move(request), sink, &gate)));
  REQUIRE(taken == std::vector<std::string>{"one", "two"});
}

TEST_CASE("destroying the task withdraws the request and leaves nothing behind") {
  Waiting waiting;
  {
    const Job job = Job::start<Result<HttpResponse>>(
        waiting.client.send({.url = waiting.server.url()}), [](auto) { FAIL(); });
    waiting.loop.run_for(1s);
    REQUIRE(waiting.held);
  }
  waiting.loop.run_for(1s);
  REQUIRE(waiting.server.connections_open() == 0);
  REQUIRE(waiting.loop.pending() == 0);
}

TEST_CASE("a sink may start and withdraw other requests of the same client") {
  Waiting waiting;
  Job other = Job::start<Result<HttpResponse>>(waiting.client.send({.url = waiting.server.url()}),
                                               [](auto) { FAIL(); });
  waiting.loop.run_for(1s);
  const LoopbackConnectionPtr held_by_other = waiting.held;
  Job started;
  bool is_started_done = false;
  waiting.on_request = [&] { waiting.held->respond(200, "body"); };
  const BodySink sink = [&](std::string_view) {
    other.cancel();
    started = Job::start<Result<HttpResponse>>(waiting.client.send({.url = waiting.server.url()}),
                                               [&](auto) { is_started_done = true; });
    return Result<void>();
  };
  REQUIRE(run_until_done(waiting.loop, waiting.client.send({.url = waiting.server.url()}, sink)));
  waiting.loop.run_for(1s);
  REQUIRE(is_started_done);
}

TEST_CASE("whoever gets the response may destroy the client") {
  TestLoop loop;
  auto client = std::make_unique<HttpClient>(loop, TlsSettings{}, HttpVersion::http1);
  const LoopbackServer server(loop, [](const LoopbackRequest&, const LoopbackConnectionPtr& held) {
    held->respond(200, "last words");
  });
  Job job =
      Job::start<Result<HttpResponse>>(client->send({.url = server.url()}), [&](auto response) {
        REQUIRE(response->body == "last words");
        job.cancel();
        client.reset();
      });
  loop.run_for(1s);
  REQUIRE(client == nullptr);
}
