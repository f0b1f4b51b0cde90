// SPDX-License-Identifier: Apache-2.0
// Attempts to get out of the box, from inside, behind each of its walls.
#include "host/box.hpp"

#include "base/unique_fd.hpp"
#include "host/box_writing.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/sanitizers.hpp"
#include "host/system_clock.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_loop.hpp"
#include "unit/host/conversation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>
#include <seccomp.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace primocane {
namespace {

using std::chrono::seconds;

constexpr uid_t nobody = 65534;

// Which walls the child finds: what the kernel and our rights give, or less.
enum class World { root, user, user_without_namespaces, user_without_walls };

// Makes system calls fail for this process and its children, as an older or stricter system does.
void refuse_call(int call, unsigned error) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), call, 0);
  seccomp_load(filter);
  seccomp_release(filter);
}

void enter_world(World world) {
  if (world == World::root) return;
  if (geteuid() == 0) {
    if (setgid(nobody) != 0 || setuid(nobody) != 0) _exit(99);
    prctl(PR_SET_DUMPABLE, 1);  // else /proc/self is root's, as it would not be for a user
  }
  if (world == World::user) return;
  refuse_call(SCMP_SYS(unshare), EPERM);
  if (world == World::user_without_walls) refuse_call(SCMP_SYS(landlock_create_ruleset), ENOSYS);
}

struct Attempt {
  BoxedSpec spec;
  std::string probe;
  Boxing boxing = Boxing::required;
};

// What came of an attempt, in one text: "EXIT SIGNAL OUTPUT", or why there was no child.
std::string try_in_box(const Attempt& attempt) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
  Children children(*loop, {.boxing = attempt.boxing});
  Result<std::unique_ptr<ChildProcess>> child = children.start_boxed(attempt.spec);
  if (!child) return fmt::format("{}: {}", to_string(child.error().kind), child.error().message);
  const Conversation talk = converse(*loop, **child, attempt.probe + "\n");
  std::string text = fmt::format("{} {} {}", talk.exit.code, talk.exit.signal, talk.output);
  if (!talk.errors.empty()) text += " | " + talk.errors;
  return text;
}

std::string strength_in(Boxing boxing) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
  const Result<BoxStrength> strength = Children(*loop, {.boxing = boxing}).box();
  return strength ? std::string(to_string(*strength))
                  : std::string(to_string(strength.error().kind));
}

// `work` in a process that lives in `world`, because there is no way back from there.
std::string in_world(World world, const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  UniqueFd answer(ends[0]);
  UniqueFd telling(ends[1]);
  const pid_t pid = fork();
  if (pid == 0) {
    enter_world(world);
    const std::string text = work();
    _exit(write(telling.get(), text.data(), text.size()) < 0 ? 98 : 0);
  }
  telling.reset();
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t count = 0; (count = read(answer.get(), piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return status == 0 ? text : fmt::format("the world ended with {}", status);
}

bool is_possible(World world) { return world != World::root || geteuid() == 0; }

// A folder that everybody may read, beside a file that the box must not reach.
struct Rooms {
  Rooms() {
    std::filesystem::create_directory(root);
    write("root/inside", "inside");
    write("secret", "secret");
    std::filesystem::create_symlink("../secret", root + "/link");
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    std::filesystem::permissions(root, std::filesystem::perms(0755));
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  void open_to_all() const {
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
    std::filesystem::permissions(root, std::filesystem::perms(0777));
  }

  TemporaryFolder folder;
  std::string root = folder / "root";
};

std::string attempt(World world, BoxedSpec spec, std::string probe) {
  return in_world(world, [&] { return try_in_box({.spec = spec, .probe = probe}); });
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("each wall has its strength", "[native]") {
  if (is_possible(World::root)) {
    CHECK(in_world(World::root, [] { return strength_in(Boxing::required); }) == "root");
  }
  CHECK(in_world(World::user, [] { return strength_in(Boxing::required); }) == "namespaces");
  CHECK(in_world(World::user_without_namespaces, [] { return strength_in(Boxing::required); }) ==
        "landlock");
}

TEST_CASE("without any wall a required box is denied and nothing is started", "[native]") {
  const Rooms rooms;
  const World world = World::user_without_walls;
  CHECK(in_world(world, [] { return strength_in(Boxing::required); }) == "denied");
  CHECK(attempt(world, {.root = rooms.root}, "compute").starts_with("denied: "));
}

TEST_CASE("without any wall best effort still filters system calls and limits", "[native]") {
  const Rooms rooms;
  const World world = World::user_without_walls;
  CHECK(in_world(world, [] { return strength_in(Boxing::best_effort); }) == "none");
  const auto best_effort = [&](const std::string& probe) {
    return in_world(world, [&] {
      return try_in_box(
          {.spec = {.root = rooms.root}, .probe = probe, .boxing = Boxing::best_effort});
    });
  };
  CHECK(best_effort("read inside") == "0 0 inside");
  CHECK(best_effort("write new") == "0 0 EROFS");
  CHECK(best_effort("socket") == fmt::format("0 {} ", SIGSYS));
}

TEST_CASE("a boxed child computes, reads its folder and answers", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  CHECK(attempt(world, {.root = rooms.root}, "compute") == "0 0 00000000 00009999");
  CHECK(attempt(world, {.root = rooms.root}, "read inside") == "0 0 inside");
  CHECK(attempt(world, {.root = rooms.root}, "list .") == "0 0 inside link ");
  CHECK(attempt(world, {.root = rooms.root}, "complain three") == "3 0  | three");
  CHECK(attempt(world, {.root = rooms.root}, "abort") == fmt::format("0 {} ", SIGABRT));
  CHECK(attempt(world, {.root = rooms.root}, "no-such-probe") == "64 0 ");
}

TEST_CASE("a boxed child reads no file outside of its folder", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const std::string secret = rooms.folder / "secret";
  for (const std::string& path :
       {secret, std::string("../secret"), std::string("link"), std::string("/etc/passwd"),
        std::string("../../../../../../../../etc/passwd"), std::string("/proc/self/environ"),
        std::string("/proc/self/maps"), std::string("/dev/null")}) {
    CAPTURE(path);
    const std::string outcome = attempt(world, {.root = rooms.root}, "read " + path);
    CHECK((outcome == "0 0 ENOENT" || outcome == "0 0 EACCES"));
  }
  if (world == World::user_without_namespaces) {
    CHECK(attempt(world, {.root = rooms.root}, "list /") == "0 0 EACCES");
  } else {
    CHECK(attempt(world, {.root = rooms.root}, "list /") == "0 0 inside link ");
  }
}

TEST_CASE("a boxed child changes nothing in a folder that it may only read", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  rooms.open_to_all();
  std::filesystem::permissions(rooms.root + "/inside", std::filesystem::perms(0666));
  const BoxedSpec spec{.root = rooms.root};
  CHECK(attempt(world, spec, "write new") == "0 0 EROFS");
  CHECK(attempt(world, spec, "write inside") == "0 0 EROFS");
  CHECK(attempt(world, spec, "truncate inside") == "0 0 EROFS");
  CHECK(attempt(world, spec, "rename") == fmt::format("0 {} ", SIGSYS));
  CHECK(attempt(world, spec, "mkdir sub") == fmt::format("0 {} ", SIGSYS));
  CHECK(read_file(rooms.root + "/inside") == "inside");
  CHECK_FALSE(std::filesystem::exists(rooms.root + "/new"));
}

TEST_CASE("a boxed child with a writable folder makes files in it and nowhere else", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  rooms.open_to_all();
  rooms.write("root/old", "old");
  rooms.write("root/gone", "gone");
  const BoxedSpec spec{.root = rooms.root, .root_is_writable = true};
  CHECK(attempt(world, spec, "write new-file") == "0 0 written");
  CHECK(attempt(world, spec, "rename") == "0 0 done");
  CHECK(read_file(rooms.root + "/new-file") == "made in the box");
  CHECK(read_file(rooms.root + "/new") == "old");
  CHECK_FALSE(std::filesystem::exists(rooms.root + "/gone"));
  for (const std::string& path :
       {rooms.folder / "outside", std::string("/tmp/outside-of-the-box")}) {
    CAPTURE(path);
    const std::string outcome = attempt(world, spec, "write " + path);
    CHECK((outcome == "0 0 ENOENT" || outcome == "0 0 EACCES"));
    CHECK_FALSE(std::filesystem::exists(path));
  }
  const std::string above = attempt(world, spec, "write ../outside");
  CHECK((above == "0 0 written" || above == "0 0 EACCES"));  // the root's parent is the root
  CHECK_FALSE(std::filesystem::exists(rooms.folder / "outside"));
  CHECK(attempt(world, spec, "mkdir sub") == fmt::format("0 {} ", SIGSYS));
}

TEST_CASE("what root's child made is root's when the child has ended", "[native]") {
  if (geteuid() != 0) SKIP("needs root");
  const Rooms rooms;
  const BoxedSpec spec{.root = rooms.root, .root_is_writable = true};
  CHECK(attempt(World::root, spec, "write new") == "0 0 written");
  for (const std::string& path : {rooms.root, rooms.root + "/new"}) {
    CAPTURE(path);
    struct stat status{};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK(status.st_uid == 0);
    CHECK(status.st_gid == 0);
    CHECK((status.st_mode & 022U) == 0);
  }
}

TEST_CASE("a boxed child of root is another user and cannot become root", "[native]") {
  if (geteuid() != 0) SKIP("needs root");
  const Rooms rooms;
  CHECK(attempt(World::root, {.root = rooms.root}, "identity") == "0 0 65534 65534");
}

TEST_CASE("what a box does not need ends its child", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const std::string parent = std::to_string(getpid());
  for (const std::string& probe :
       {std::string("socket"), std::string("local-socket"), std::string("exec /bin/true"),
        std::string("fork"), "ptrace " + parent, "kill " + parent, "own-signals " + parent,
        std::string("chroot ."), std::string("executable-memory")}) {
    CAPTURE(probe);
    CHECK(attempt(world, {.root = rooms.root}, probe) == fmt::format("0 {} ", SIGSYS));
  }
  // The C library asks for its guard page or stack first; either way there is no thread.
  CHECK(attempt(world, {.root = rooms.root}, "thread") != "0 0 0");
}

TEST_CASE("a boxed child has three descriptors and no environment", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const UniqueFd inheritable(open("/etc/passwd", O_RDONLY));
  REQUIRE(inheritable.is_open());
  setenv("PRIMOCANE_TEST_SECRET", "secret", 1);
  CHECK(attempt(world, {.root = rooms.root}, "descriptors") == "0 0 0 1 2 ");
  CHECK(attempt(world, {.root = rooms.root}, "environment") == "0 0 ");
  unsetenv("PRIMOCANE_TEST_SECRET");
}

TEST_CASE("a boxed child has the files that it is given, in their order, to read alone",
          "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  rooms.write("first", "first");
  rooms.write("second", "second");
  const UniqueFd second(open((rooms.folder / "second").c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd first(open((rooms.folder / "first").c_str(), O_RDONLY | O_CLOEXEC));
  const BoxedSpec spec{.root = rooms.root, .files = {first.get(), second.get(), first.get()}};
  CHECK(attempt(world, spec, "descriptors") == "0 0 0 1 2 3 4 5 ");
  CHECK(attempt(world, spec, "read-descriptor 3") == "0 0 first");
  CHECK(attempt(world, spec, "read-descriptor 4") == "0 0 second");
  CHECK(attempt(world, spec, "read-descriptor 5") == "0 0 first");
  CHECK(attempt(world, spec, "write-descriptor 3") == "0 0 EBADF");
  CHECK(attempt(world, spec, "map-descriptor 3") == "0 0 EACCES");
  CHECK(attempt(world, spec, "leave-by-descriptor 3") == "0 0 ENOTDIR");
  const std::string again = attempt(world, spec, "open-descriptor-again 3");
  CHECK((again == "0 0 ENOENT" || again == "0 0 EACCES"));
  CHECK(attempt(world, spec, "read ../first") != "0 0 first");
  CHECK(read_file(rooms.folder / "first") == "first");
}

TEST_CASE("a box with a descriptor that could lead out of it is no box", "[native]") {
  const Rooms rooms;
  rooms.write("file", "file");
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  const std::string file = rooms.folder / "file";
  const UniqueFd plain(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const UniqueFd writable(open(file.c_str(), O_RDWR | O_CLOEXEC));
  const UniqueFd appending(open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const UniqueFd place(open(file.c_str(), O_PATH | O_CLOEXEC));
  const UniqueFd folder(open(rooms.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const UniqueFd device(open("/dev/null", O_RDONLY | O_CLOEXEC));
  for (const UniqueFd* odd :
       {&reading, &writing, &writable, &appending, &place, &folder, &device}) {
    CAPTURE(odd->get());
    const BoxedSpec spec{.root = rooms.root, .files = {plain.get(), odd->get()}};
    const std::string outcome = attempt(World::user, spec, "compute");
    CAPTURE(outcome);
    CHECK(outcome.starts_with("77 0 "));
    CHECK(outcome.find("descriptor 4 is no plain file") != std::string::npos);
  }
  const BoxedSpec closed{.root = rooms.root, .files = {-1}};
  CHECK(attempt(World::user, closed, "compute").starts_with("unavailable: "));
}

TEST_CASE("no system call that opens a way out of the box is left", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const BoxWriting writing = GENERATE(BoxWriting::refuse, BoxWriting::allow);
  rooms.open_to_all();
  const BoxedSpec spec{.root = rooms.root, .root_is_writable = writing == BoxWriting::allow};
  for (const std::string name : {"unshare",
                                 "setns",
                                 "mount",
                                 "umount2",
                                 "pivot_root",
                                 "open_by_handle_at",
                                 "mknodat",
                                 "symlinkat",
                                 "fchownat",
                                 "socketpair",
                                 "connect",
                                 "sendmsg",
                                 "recvmsg",
                                 "memfd_create",
                                 "execveat",
                                 "process_vm_readv",
                                 "bpf",
                                 "io_uring_setup",
                                 "perf_event_open",
                                 "userfaultfd",
                                 "keyctl",
                                 "shmget",
                                 "setuid",
                                 "capset",
                                 "prctl",
                                 "seccomp",
                                 "pidfd_getfd",
                                 "pidfd_open",
                                 "timer_create",
                                 "inotify_init1",
                                 "fanotify_init",
                                 "init_module",
                                 "kexec_load",
                                 "landlock_add_rule",
                                 "vmsplice",
                                 "setpriority",
                                 "sched_setattr",
                                 "flock",
                                 "sendfile",
                                 "dup"}) {
    if (is_sanitized && name == "prctl") continue;
    CAPTURE(name);
    CHECK(attempt(world, spec, "call " + name) == fmt::format("0 {} ", SIGSYS));
  }
}

TEST_CASE("a boxed child cannot have more memory than its limit", "[native]") {
  if (is_sanitized) SKIP("the sanitizers need terabytes of address space");
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const BoxedSpec spec{.root = rooms.root, .limits = {.memory = ByteCount(64ULL << 20U)}};
  CHECK(attempt(world, spec, "allocate 16777216") == "0 0 allocated");
  CHECK(attempt(world, spec, "allocate 67108864") == "0 0 ENOMEM");
  CHECK(attempt(world, spec, "exhaust-memory") == fmt::format("{} 0 ", exit_box_memory));
}

TEST_CASE("a boxed child keeps keys out of swap and dumps as far as its limit goes", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  CHECK(attempt(world, {.root = rooms.root}, "lock-memory") == "0 0 locked");
  const std::string without_limit = in_world(world, [&]() -> std::string {
    const rlimit none{};
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) return "no limit";
    return try_in_box({.spec = {.root = rooms.root}, .probe = "lock-memory"});
  });
  // What is refused is an error that its caller may pass over, and not the end.
  CHECK((without_limit == "0 0 EPERM" || without_limit == "0 0 ENOMEM"));
}

TEST_CASE("a boxed child that computes for too long is ended and cannot raise its limits",
          "[native]") {
  const Rooms rooms;
  const BoxedSpec spec{.root = rooms.root, .limits = {.cpu_time = seconds(1)}};
  CHECK(attempt(World::user, spec, "spin") == fmt::format("0 {} ", SIGXCPU));
  CHECK(attempt(World::user, spec, "raise-limit") == "0 0 EPERM");
}

TEST_CASE("a boxed child cannot make a larger file than its limit", "[native]") {
  const Rooms rooms;
  rooms.open_to_all();
  const BoxedSpec spec{
      .root = rooms.root, .root_is_writable = true, .limits = {.output = ByteCount(256ULL * 1024)}};
  CHECK(attempt(World::user, spec, "large-file big") == fmt::format("0 {} ", SIGXFSZ));
  CHECK(std::filesystem::file_size(rooms.root + "/big") == 256 * 1024);
}

TEST_CASE("a boxed child that floods its output or its errors is killed", "[native]") {
  const Rooms rooms;
  const std::string descriptor = GENERATE("1", "2");
  const BoxedSpec spec{.root = rooms.root, .limits = {.output = ByteCount(1024ULL * 1024)}};
  const std::string outcome = attempt(World::user, spec, "flood " + descriptor);
  CHECK(outcome.starts_with(fmt::format("0 {} ", SIGKILL)));
  CHECK(outcome.ends_with("killed after writing more than 1.0 MiB"));
  CHECK(outcome.size() < 1024 * 1024 + 8192);
}

TEST_CASE("a boxed child that never ends is killed after its wall time", "[native]") {
  const Rooms rooms;
  TestLoop loop;
  Children children(loop, {.boxing = Boxing::best_effort});
  const SteadyTime start = loop.clock().now();
  const auto child =
      children.start_boxed({.root = rooms.root, .limits = {.wall_time = std::chrono::hours(1)}});
  REQUIRE(child.has_value());
  const Conversation talk = converse(loop, **child, "wait\n");
  CHECK(talk.exit == ChildExit{.code = 0, .signal = SIGKILL});
  CHECK(talk.errors == "killed after 3600 s");
  CHECK(loop.clock().now() - start >= std::chrono::hours(1));
}

TEST_CASE("a boxed child dies with its parent", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans become ours, so that we see how they ended
  in_world(world, [&]() -> std::string {
    const SystemClock clock;
    const std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
    Children children(*loop, {});
    const auto child = children.start_boxed({.root = rooms.root});
    const auto wait_in_box = [](ChildProcess* boxed) -> Task<std::string> {
      const Result<void> written = co_await boxed->write("wait\n");
      const Result<std::string> answer = co_await boxed->read();
      co_return written&& answer ? *answer : "";
    };
    const std::string answer = run_until_done(*loop, wait_in_box(child->get()));
    _exit(answer == "waiting" ? 0 : 1);  // without any destructor
  });
  int status = 0;
  REQUIRE(waitpid(-1, &status, 0) > 0);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a boxed child can't be traced or dumped by others of its user", "[native]") {
  const World world = GENERATE(World::root, World::user, World::user_without_namespaces);
  if (!is_possible(world)) SKIP("needs root");
  const Rooms rooms;
  const std::string owner = in_world(world, [&]() -> std::string {
    const SystemClock clock;
    const std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
    Children children(*loop, {});
    const auto child = children.start_boxed({.root = rooms.root});
    const auto ask_process = [](ChildProcess* boxed) -> Task<std::string> {
      const Result<void> written = co_await boxed->write("tell-process\n");
      const Result<std::string> answer = co_await boxed->read();
      co_return written&& answer ? *answer : "";
    };
    const std::string pid = run_until_done(*loop, ask_process(child->get()));
    // What belongs to a process that is not dumpable is root's, whoever the process runs as
    // (proc(5)).
    struct stat status{};
    if (stat(fmt::format("/proc/{}/environ", pid).c_str(), &status) != 0) return "gone";
    return std::to_string(status.st_uid);
  });
  CHECK(owner == "0");
}

TEST_CASE("a box without its folder is no box", "[native]") {
  const Rooms rooms;
  const std::string outcome = attempt(World::user, {.root = rooms.folder / "absent"}, "compute");
  CHECK(outcome.starts_with("77 0 "));
  CHECK(outcome.find("absent") != std::string::npos);
}

}  // namespace primocane
