// SPDX-License-Identifier: Apache-2.0
// What every EventLoop does, asked of the real one and of the one that tests use.
#include "host/epoll_loop.hpp"

#include "base/unique_fd.hpp"
#include "host/system_clock.hpp"
#include "support/test_loop.hpp"

#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <chrono>
#include <fcntl.h>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace primocane {
namespace {

using std::chrono::milliseconds;

struct RealLoop {
  EventLoop& operator*() const { return *loop; }

  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
};

struct FakeLoop {
  EventLoop& operator*() const { return *loop; }

  std::unique_ptr<TestLoop> loop = std::make_unique<TestLoop>();
};

struct SocketPair {
  SocketPair() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    near.reset(ends[0]);
    far.reset(ends[1]);
  }
  void send() const { REQUIRE(::write(far.get(), "x", 1) == 1); }
  void receive() const {
    char byte = 0;
    REQUIRE(::read(near.get(), &byte, 1) == 1);
  }

  UniqueFd near;
  UniqueFd far;
};

Task<int> sleep_and_return(EventLoop* loop, Duration delay, int value) {
  co_await sleep_for(*loop, delay);
  co_return value;
}

}  // namespace

TEMPLATE_TEST_CASE("what is posted runs in order, in the next turn", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  std::vector<int> order;
  loop.post([&] {
    loop.post([&] {
      order.push_back(3);
      loop.stop();
    });
    order.push_back(1);
  });
  loop.post([&] { order.push_back(2); });
  CHECK(order.empty());
  loop.run();
  CHECK(order == std::vector{1, 2, 3});
}

TEMPLATE_TEST_CASE("what was posted and not run before a stop runs in the next run", "", RealLoop,
                   FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  std::vector<int> order;
  loop.post([&] {
    order.push_back(1);
    loop.stop();
  });
  loop.post([&] {
    order.push_back(2);
    loop.stop();
  });
  loop.run();
  CHECK(order == std::vector{1});
  loop.run();
  CHECK(order == std::vector{1, 2});
}

TEMPLATE_TEST_CASE("timers run in the order of their times and are never early", "", RealLoop,
                   FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  const SteadyTime start = loop.clock().now();
  std::vector<int> order;
  // Far apart, so that a busy machine does not make it due before `soon` is asked for.
  const auto late = loop.after(milliseconds(500), [&] {
    order.push_back(3);
    CHECK(loop.clock().now() - start >= milliseconds(500));
    loop.stop();
  });
  const auto soon = loop.after(milliseconds(2), [&] {
    order.push_back(2);
    CHECK(loop.clock().now() - start >= milliseconds(2));
  });
  const auto overdue = loop.after(-milliseconds(5), [&] { order.push_back(1); });
  loop.run();
  CHECK(order == std::vector{1, 2, 3});
}

TEMPLATE_TEST_CASE("a withdrawn timer never runs", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  bool has_run = false;
  auto withdrawn = loop.after(milliseconds(500), [&] { has_run = true; });
  const auto first = loop.after(milliseconds(0), [&] { withdrawn.reset(); });
  const auto last = loop.after(milliseconds(501), [&] { loop.stop(); });
  loop.run();
  CHECK_FALSE(has_run);
}

TEMPLATE_TEST_CASE("a timer may withdraw itself and set another", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  auto kept = std::make_shared<int>(1);
  std::unique_ptr<Registration> timer;
  timer = loop.after(milliseconds(1), [&, kept] {
    timer = loop.after(milliseconds(1), [&] { loop.stop(); });
    CHECK(*kept == 1);  // the callback that runs stays alive
  });
  loop.run();
  CHECK(kept.use_count() == 1);
}

TEMPLATE_TEST_CASE("a readable descriptor is reported until it is read", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  const SocketPair sockets;
  int reports = 0;
  const auto watch = loop.watch(sockets.near.get(), {.readable = true}, [&](Readiness readiness) {
    CHECK(readiness == Readiness{.readable = true, .writable = false});
    if (++reports < 3) return;
    sockets.receive();
    loop.post([&] { loop.post([&] { loop.stop(); }); });
  });
  sockets.send();
  loop.run();
  CHECK(reports == 3);
}

TEMPLATE_TEST_CASE("a writable descriptor is reported", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  const SocketPair sockets;
  Readiness seen;
  const auto watch = loop.watch(sockets.near.get(), {.readable = true, .writable = true},
                                [&](Readiness readiness) {
                                  seen = readiness;
                                  loop.stop();
                                });
  loop.run();
  CHECK(seen == Readiness{.readable = false, .writable = true});
}

TEMPLATE_TEST_CASE("a hang-up counts as readable and writable", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  SocketPair sockets;
  Readiness seen;
  const auto watch = loop.watch(sockets.near.get(), {.readable = true}, [&](Readiness readiness) {
    seen = readiness;
    loop.stop();
  });
  sockets.far.reset();
  loop.run();
  CHECK(seen == Readiness{.readable = true, .writable = true});
}

TEMPLATE_TEST_CASE("a hang-up is told to who watches for nothing, and nothing else is", "",
                   RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  SocketPair sockets;
  int told = 0;
  const auto watch = loop.watch(sockets.near.get(), {}, [&](Readiness) {
    ++told;
    loop.stop();
  });
  sockets.send();
  REQUIRE(::shutdown(sockets.far.get(), SHUT_WR) == 0);
  const auto later = loop.after(milliseconds(1), [&] { loop.stop(); });
  loop.run();
  CHECK(told == 0);
  sockets.far.reset();
  loop.run();
  CHECK(told == 1);
}

TEMPLATE_TEST_CASE("a watch may withdraw itself and be replaced from its own callback", "",
                   RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  const SocketPair sockets;
  auto kept = std::make_shared<int>(1);
  std::unique_ptr<Registration> watch;
  watch = loop.watch(sockets.near.get(), {.readable = true}, [&, kept](Readiness /*now*/) {
    watch.reset();
    watch = loop.watch(sockets.near.get(), {.readable = true},
                       [&](Readiness /*again*/) { loop.stop(); });
    CHECK(*kept == 1);
  });
  sockets.send();
  loop.run();
  CHECK(kept.use_count() == 1);
}

TEMPLATE_TEST_CASE("of two ready descriptors the first callback may withdraw the second", "",
                   RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  const SocketPair one;
  const SocketPair two;
  int reports = 0;
  std::unique_ptr<Registration> first;
  std::unique_ptr<Registration> second;
  const auto withdraw_both = [&](Readiness /*readiness*/) {
    ++reports;
    const auto stop_later = [&] { loop.stop(); };
    loop.post(stop_later);
    first.reset();
    second.reset();
  };
  first = loop.watch(one.near.get(), {.readable = true}, withdraw_both);
  second = loop.watch(two.near.get(), {.readable = true}, withdraw_both);
  one.send();
  two.send();
  loop.run();
  CHECK(reports == 1);
}

TEMPLATE_TEST_CASE("a registration may outlive its loop", "", RealLoop, FakeLoop) {
  const SocketPair sockets;
  std::unique_ptr<Registration> timer;
  std::unique_ptr<Registration> watch;
  {
    const TestType holder;
    timer = (*holder).after(milliseconds(1), [] {});
    watch = (*holder).watch(sockets.near.get(), {.readable = true}, [](Readiness /*now*/) {});
  }
  timer.reset();
  watch.reset();
}

TEMPLATE_TEST_CASE("a stop before run does not count", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  loop.stop();
  bool has_run = false;
  loop.post([&] {
    has_run = true;
    loop.stop();
  });
  loop.run();
  CHECK(has_run);
}

TEMPLATE_TEST_CASE("tasks sleep on the loop", "", RealLoop, FakeLoop) {
  const TestType holder;
  EventLoop& loop = *holder;
  CHECK(run_until_done(loop, sleep_and_return(&loop, milliseconds(2), 5)) == 5);
}

TEST_CASE("a delay beyond the end of time is no overflow") {
  const RealLoop holder;
  EventLoop& loop = *holder;
  const auto never = loop.after(Duration::max(), [] { FAIL("ran at the end of time"); });
  loop.post([&] { loop.post([&] { loop.stop(); }); });
  loop.run();
}

TEST_CASE("a timer that sets itself anew does not keep out descriptors") {
  const RealLoop holder;
  EventLoop& loop = *holder;
  const SocketPair sockets;
  std::unique_ptr<Registration> timer;
  const std::function<void()> again = [&] { timer = loop.after(Duration::zero(), again); };
  again();
  const auto watch =
      loop.watch(sockets.near.get(), {.readable = true}, [&](Readiness /*now*/) { loop.stop(); });
  sockets.send();
  loop.run();
}

TEST_CASE("the system's clocks tell this century's time and do not go back") {
  const SystemClock clock;
  const SteadyTime first = clock.now();
  CHECK(clock.now() >= first);
  CHECK(clock.wall_now() > std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
}

}  // namespace primocane
