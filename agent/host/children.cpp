// SPDX-License-Identifier: Apache-2.0
#include "host/children.hpp"

#include "host/box_arguments.hpp"
#include "host/error_tail.hpp"
#include "host/landlock.hpp"
#include "host/reclaim_folder.hpp"
#include "host/running_child.hpp"
#include "host/sanitizers.hpp"
#include "host/search_path.hpp"
#include "host/spawn.hpp"
#include "host/syscall_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

constexpr int probe_timeout_ms = 10'000;

std::string_view name_of(BoxedWork work) {
  switch (work) {
    case BoxedWork::render:
      return "render";
    case BoxedWork::index:
      return "index";
    case BoxedWork::unpack:
      return "unpack";
  }
  return "";
}

// All that `descriptor` gives until its end, or until it is silent for too long.
std::string read_to_end(const UniqueFd& descriptor) {
  ErrorTail text;
  std::array<char, 512> piece{};
  for (;;) {
    pollfd ready{.fd = descriptor.get(), .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, probe_timeout_ms) <= 0) return text.text();
    const ssize_t count = ::read(descriptor.get(), piece.data(), piece.size());
    if (count <= 0) return text.text();
    text.add(std::string_view(piece.data(), static_cast<std::size_t>(count)));
  }
}

std::optional<BoxStrength> read_strength(std::string_view text) {
  for (const BoxStrength strength :
       {BoxStrength::none, BoxStrength::landlock, BoxStrength::namespaces, BoxStrength::root}) {
    if (text == to_string(strength)) return strength;
  }
  return std::nullopt;
}

// What is asked for, and of ours the few variables that programs need. Each name once: of two,
// some programs take the first and some the last.
std::vector<std::string> program_environment(std::vector<std::string> environment) {
  for (const char* name : {"PATH", "HOME", "USER", "LANG", "SSH_AUTH_SOCK"}) {
    const std::string prefix = fmt::format("{}=", name);
    const bool is_given = std::ranges::any_of(
        environment, [&](const std::string& variable) { return variable.starts_with(prefix); });
    const char* value = std::getenv(name);
    if (!is_given && value != nullptr) environment.push_back(prefix + value);
  }
  return environment;
}

// Nothing of ours; but a leak check at its end would need what the box refuses.
std::vector<std::string> boxed_environment() {
  if constexpr (is_sanitized) return {"ASAN_OPTIONS=detect_leaks=0"};
  return {};
}

}  // namespace

Children::Children(EventLoop& loop, ChildrenOptions options)
    : loop_(loop), options_(std::move(options)), reaper_(std::make_shared<ChildReaper>(loop)) {}

Children::~Children() = default;

Result<SpawnedProcess> Children::spawn_boxed(const BoxSetup& setup,
                                             const std::vector<int>& files) const {
  return spawn({.executable = options_.executable,
                .arguments = write_box_arguments(setup),
                .environment = boxed_environment(),
                .descriptors = files});
}

Result<BoxStrength> Children::box() {
  if (strength_) return *strength_;
  if (options_.boxing == Boxing::best_effort && has_landlock() && has_seccomp()) {
    strength_ = BoxStrength::landlock;
    return *strength_;
  }
  SpawnedProcess probe = TRY(spawn_boxed({.work = "probe",
                                          .root = "/",
                                          .root_is_writable = false,
                                          .files = 0,
                                          .limits = {},
                                          .boxing = options_.boxing,
                                          .user = options_.box_user,
                                          .parent = getpid()},
                                         {}));
  const std::string answer = read_to_end(probe.output);
  const std::string complaint = answer.empty() ? read_to_end(probe.errors) : "";
  kill(probe.pid, SIGKILL);
  waitpid(probe.pid, nullptr, 0);
  strength_ = read_strength(answer);
  if (strength_) return *strength_;
  return fail(ErrorKind::denied,
              fmt::format("untrusted input cannot be boxed on this system: {}", complaint));
}

Result<std::unique_ptr<ChildProcess>> Children::start_boxed(BoxedSpec spec) {
  TRY(box());
  if (options_.memory_max) spec.limits.memory = std::min(spec.limits.memory, *options_.memory_max);
  SpawnedProcess spawned = TRY(spawn_boxed({.work = std::string(name_of(spec.work)),
                                            .root = spec.root,
                                            .root_is_writable = spec.root_is_writable,
                                            .files = static_cast<std::uint32_t>(spec.files.size()),
                                            .limits = spec.limits,
                                            .boxing = options_.boxing,
                                            .user = options_.box_user,
                                            .parent = getpid()},
                                           spec.files));
  std::function<void()> ended;
  if (spec.root_is_writable && geteuid() == 0) {
    ended = [root = spec.root] { reclaim_folder(root); };
  }
  return std::make_unique<RunningChild>(
      loop_, std::move(spawned),
      ChildBounds{.wall_time = spec.limits.wall_time, .output = spec.limits.output}, reaper_,
      std::move(ended));
}

Result<std::unique_ptr<ChildProcess>> Children::start_program(ProgramSpec spec) {
  if (spec.arguments.empty()) return fail(ErrorKind::invalid, "no program to start");
  const char* path = std::getenv("PATH");
  std::string executable = TRY(search_path(spec.arguments.front(), path == nullptr ? "" : path));
  SpawnedProcess spawned =
      TRY(spawn({.executable = std::move(executable),
                 .arguments = std::move(spec.arguments),
                 .environment = program_environment(std::move(spec.environment)),
                 .descriptors = {}}));
  return std::make_unique<RunningChild>(
      loop_, std::move(spawned), ChildBounds{.wall_time = spec.wall_time, .output = std::nullopt},
      reaper_, nullptr);
}

}  // namespace primocane
