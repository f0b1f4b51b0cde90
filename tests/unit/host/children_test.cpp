// SPDX-License-Identifier: Apache-2.0
// What children promise: pipes with back-pressure, an end in every case, nothing left behind.
#include "host/children.hpp"

#include "base/unique_fd.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_loop.hpp"
#include "unit/host/conversation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <signal.h>
#include <string>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace primocane {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

struct World {
  std::unique_ptr<ChildProcess> start(std::vector<std::string> arguments,
                                      std::vector<std::string> environment = {}) {
    auto child = children.start_program(
        {.arguments = std::move(arguments), .environment = std::move(environment)});
    REQUIRE(child.has_value());
    return std::move(*child);
  }
  std::unique_ptr<ChildProcess> shell(std::string script,
                                      std::vector<std::string> environment = {}) {
    return start({"sh", "-c", std::move(script)}, std::move(environment));
  }
  Conversation run(std::string script, std::string input = "") {
    const std::unique_ptr<ChildProcess> child = shell(std::move(script));
    return converse(*loop, *child, std::move(input));
  }

  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
  Children children{*loop, {}};
};

// Orphans of this process's children become its own while this lives.
struct Subreaper {
  Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, 1); }
  Subreaper(const Subreaper&) = delete;
  Subreaper& operator=(const Subreaper&) = delete;
  ~Subreaper() { prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

Task<Result<std::string>> read_once(ChildProcess* child) {
  Result<std::string> piece = co_await child->read();
  co_return piece;
}

Task<ChildExit> wait_twice(ChildProcess* child) {
  const ChildExit first = co_await child->wait();
  const ChildExit second = co_await child->wait();
  CHECK(first == second);
  co_return second;
}

Task<Result<void>> write_twice(ChildProcess* child, std::string bytes) {
  Result<void> first = co_await child->write(bytes);
  if (!first) co_return first;
  child->close_input();
  Result<void> second = co_await child->write(bytes);
  co_return second;
}

}  // namespace

TEST_CASE("a megabyte goes through a child and comes back unchanged") {
  World world;
  std::string bytes;
  while (bytes.size() < (1U << 20U)) bytes += std::to_string(bytes.size());
  const std::unique_ptr<ChildProcess> child = world.start({"cat"});
  const Conversation talk = converse(*world.loop, *child, bytes);
  CHECK(talk.output == bytes);
  CHECK(talk.exit.is_success());
  CHECK_FALSE(talk.write_error.has_value());
}

TEST_CASE("a child's exit code, signal and last words are told") {
  World world;
  const Conversation failed = world.run("echo 'no such host' >&2; exit 7");
  CHECK(failed.exit == ChildExit{.code = 7, .signal = 0});
  CHECK(failed.errors == "no such host");
  CHECK(world.run("kill -TERM $$").exit == ChildExit{.code = 0, .signal = SIGTERM});
  CHECK(world.run("true").exit.is_success());
}

TEST_CASE("of much standard error the last 4 KiB are kept, without control characters") {
  World world;
  const Conversation talk = world.run(
      "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done;"
      "printf '\\033[2Jthe end\\007' >&2");
  CHECK(talk.errors.size() <= 4096);
  CHECK_THAT(talk.errors, ContainsSubstring("line 2999"));
  CHECK_THAT(talk.errors, EndsWith("?[2Jthe end?"));
}

TEST_CASE("reading holds the child back instead of filling memory") {
  World world;
  // yes(1) would fill any memory; it is stopped by its pipe while nobody reads.
  const std::unique_ptr<ChildProcess> child = world.start({"yes"});
  const Result<std::string> piece = run_until_done(*world.loop, read_once(child.get()));
  REQUIRE(piece.has_value());
  CHECK(piece->size() <= 64 * 1024);
  CHECK(piece->starts_with("y\ny\n"));
}

TEST_CASE("writing to a child that no longer reads is unavailable, not a signal") {
  World world;
  const Conversation talk = world.run("exec 0<&-; exit 0", std::string(1U << 20U, 'x'));
  REQUIRE(talk.write_error.has_value());
  CHECK(talk.write_error->kind == ErrorKind::unavailable);
}

TEST_CASE("writing after the input was closed is unavailable") {
  World world;
  const std::unique_ptr<ChildProcess> child = world.start({"cat"});
  const Result<void> second = run_until_done(*world.loop, write_twice(child.get(), "x"));
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::unavailable);
}

TEST_CASE("a child's end can be waited for again after it has come") {
  World world;
  const std::unique_ptr<ChildProcess> child = world.shell("exit 4");
  const ChildExit exit = run_until_done(*world.loop, wait_twice(child.get()));
  CHECK(exit == ChildExit{.code = 4, .signal = 0});
}

TEST_CASE("a cancelled read takes nothing from the child's output") {
  World world;
  const std::unique_ptr<ChildProcess> child = world.start({"cat"});
  {
    const Job job = Job::start<Result<std::string>>(read_once(child.get()),
                                                    [](const Result<std::string>& /*piece*/) {});
  }
  CHECK(converse(*world.loop, *child, "still here").output == "still here");
}

TEST_CASE("a program that does not exist or may not be executed is refused at once") {
  World world;
  const auto absent = world.children.start_program({.arguments = {"primocane-no-such-program"}});
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().kind == ErrorKind::invalid);
  CHECK_THAT(absent.error().message, ContainsSubstring("primocane-no-such-program"));
  const auto folder = world.children.start_program({.arguments = {"/etc"}});
  REQUIRE_FALSE(folder.has_value());
  CHECK(folder.error().kind == ErrorKind::denied);
  CHECK_FALSE(world.children.start_program({.arguments = {}}).has_value());
  CHECK_FALSE(world.children.start_program({.arguments = {""}}).has_value());
}

TEST_CASE("a program inherits its pipes, a few variables and nothing else") {
  World world;
  const UniqueFd inheritable(open("/etc/passwd", O_RDONLY));
  REQUIRE(inheritable.is_open());
  setenv("PRIMOCANE_TEST_SECRET", "secret", 1);
  const Conversation environment = world.run("env");
  unsetenv("PRIMOCANE_TEST_SECRET");
  CHECK_THAT(environment.output, !ContainsSubstring("secret"));
  CHECK_THAT(environment.output, ContainsSubstring("PATH="));
  // ls has a descriptor of its own for the folder that it lists.
  CHECK(world.run("ls /proc/self/fd").output == "0\n1\n2\n3\n");
  const std::unique_ptr<ChildProcess> child = world.shell("echo $LANG:$GIT", {"LANG=C", "GIT=1"});
  CHECK(converse(*world.loop, *child, "").output == "C:1\n");
}

TEST_CASE("a program starts with all signals unblocked and not ignored", "[native]") {
  World world;
  // As a parent that is no C program may have left it; the C library does not let us say it.
  struct {
    void (*handler)(int) = SIG_IGN;
    std::array<unsigned char, 24> rest = {};
  } ignored;
  constexpr int kept_by_the_library = 33;
  REQUIRE(syscall(SYS_rt_sigaction, kept_by_the_library, &ignored, nullptr, 8) == 0);
  const Conversation talk = world.run("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  CHECK(talk.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("a program is killed after its wall time, with what it started") {
  TestLoop loop;
  Children children(loop, {});
  auto child = children.start_program({.arguments = {"sh", "-c", "sleep 1000 & sleep 1000; true"},
                                       .wall_time = std::chrono::seconds(30)});
  REQUIRE(child.has_value());
  const Conversation talk = converse(loop, **child, "");  // the output's end needs both to be dead
  CHECK(talk.exit == ChildExit{.code = 0, .signal = SIGKILL});
  CHECK(talk.errors == "killed after 30 s");
}

TEST_CASE("what a program leaves behind in the background is killed at its end") {
  World world;
  const Conversation talk = world.run("sleep 1000 & echo started");
  CHECK(talk.output == "started\n");
  CHECK(talk.exit.is_success());
}

TEST_CASE("destroying a child kills and reaps it and what it started", "[native]") {
  World world;
  const Subreaper subreaper;
  std::unique_ptr<ChildProcess> child = world.shell("sleep 1000 & echo $$ $!; wait");
  const Result<std::string> line = run_until_done(*world.loop, read_once(child.get()));
  REQUIRE(line.has_value());
  const pid_t leader = std::stoi(*line);
  const pid_t background = std::stoi(line->substr(line->find(' ')));
  child.reset();
  while (kill(leader, 0) == 0) {  // the loop reaps it
    const auto pause = world.loop->after(std::chrono::milliseconds(1), [&] { world.loop->stop(); });
    world.loop->run();
  }
  CHECK(errno == ESRCH);
  int status = 0;
  CHECK(waitpid(background, &status, 0) == background);
  CHECK(WIFSIGNALED(status));
}

TEST_CASE("children may outlive the loop's turns: all are reaped when Children goes") {
  pid_t leader = 0;
  {
    World world;
    const std::unique_ptr<ChildProcess> child = world.shell("echo $$; sleep 1000");
    const Result<std::string> line = run_until_done(*world.loop, read_once(child.get()));
    leader = std::stoi(*line);
  }
  CHECK(kill(leader, 0) == -1);
  CHECK(errno == ESRCH);
}

TEST_CASE("a hundred children in turn leave no descriptor behind") {
  World world;
  const auto lowest_free = [] { return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC)).get(); };
  const int before = lowest_free();
  for (int i = 0; i < 100; ++i) {
    const std::unique_ptr<ChildProcess> child = world.start({"true"});
    if (i % 2 == 0) CHECK(run_until_done(*world.loop, wait_twice(child.get())).is_success());
  }
  // Those that were not waited for are reaped by the loop, whenever they have died.
  for (int turn = 0; turn < 10'000 && lowest_free() != before; ++turn) {
    const auto pause = world.loop->after(std::chrono::milliseconds(1), [&] { world.loop->stop(); });
    world.loop->run();
  }
  CHECK(lowest_free() == before);
}

}  // namespace primocane
