// SPDX-License-Identifier: Apache-2.0
#include "host/spawn.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <utility>

namespace primocane {

namespace {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

// The first descriptor that the child does not get.
int first_other(const SpawnRequest& request) {
  return STDERR_FILENO + 1 + static_cast<int>(request.descriptors.size());
}

// From `least` on, so that placing the child's descriptors never overwrites one of them.
UniqueFd at_least(int descriptor, int least) {
  UniqueFd owned(descriptor);
  if (descriptor >= least) return owned;
  return UniqueFd(fcntl(descriptor, F_DUPFD_CLOEXEC, least));
}

Result<Pipe> make_pipe(int least) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(os_error("making a pipe", errno));
  Pipe made{.read_end = at_least(ends[0], least), .write_end = at_least(ends[1], least)};
  if (made.read_end.is_open() && made.write_end.is_open()) return made;
  return std::unexpected(os_error("making a pipe", errno));
}

// Copies of what is to be passed on, out of the way of where they are placed.
Result<std::vector<UniqueFd>> set_aside(const std::vector<int>& descriptors, int least) {
  std::vector<UniqueFd> copies;
  for (const int descriptor : descriptors) {
    copies.emplace_back(fcntl(descriptor, F_DUPFD_CLOEXEC, least));
    if (copies.back().is_open()) continue;
    return std::unexpected(os_error("passing a file on", errno));
  }
  return copies;
}

void make_non_blocking(const UniqueFd& descriptor) {
  fcntl(descriptor.get(), F_SETFL, fcntl(descriptor.get(), F_GETFL) | O_NONBLOCK);
}

std::vector<char*> as_c_strings(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  // execve takes char* const[] for historical reasons and writes to nothing.
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// All that the child needs between fork and exec, made before: another thread may hold the
// allocator's lock at the fork, so only async-signal-safe functions are called there.
struct Preparation {
  const char* executable;
  char* const* arguments;
  char* const* environment;
  pid_t parent;
  int input;
  int output;
  int errors;
  const UniqueFd* others;  // that follow these three
  int first_other;         // of what the child does not get
  int status;              // takes errno when there is no exec
};

// By the system call, because the C library refuses to touch the two signals that it keeps to
// itself, and who started us may have had them ignored.
void restore_signals() {
  constexpr std::size_t kernel_set_size = 8;                // of its sigset_t
  const std::array<unsigned char, 32> default_action = {};  // its struct sigaction: SIG_DFL
  for (int number = 1; number < NSIG; ++number) {
    syscall(SYS_rt_sigaction, number, default_action.data(), nullptr, kernel_set_size);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Every descriptor of ours closes at the exec, also one whose library forgot to ask for it.
void close_on_exec_from(int first) {
  if (syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  constexpr int searched = 4096;  // before Linux 5.11
  for (int other = first; other < searched; ++other) {
    fcntl(other, F_SETFD, FD_CLOEXEC);
  }
}

[[noreturn]] void become(const Preparation& preparation) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != preparation.parent) _exit(127);  // it ended before prctl took effect
  restore_signals();
  dup2(preparation.input, STDIN_FILENO);
  dup2(preparation.output, STDOUT_FILENO);
  dup2(preparation.errors, STDERR_FILENO);
  for (int placed = STDERR_FILENO + 1; placed < preparation.first_other; ++placed) {
    dup2(preparation.others[placed - STDERR_FILENO - 1].get(), placed);
  }
  close_on_exec_from(preparation.first_other);
  execve(preparation.executable, preparation.arguments, preparation.environment);
  const int error_number = errno;
  [[maybe_unused]] const ssize_t written =
      ::write(preparation.status, &error_number, sizeof error_number);
  _exit(127);
}

// The errno of a failed exec, or 0: the pipe closes by itself when exec succeeds.
int read_status(const UniqueFd& status) {
  int error_number = 0;
  ssize_t count = 0;
  do {
    count = ::read(status.get(), &error_number, sizeof error_number);
  } while (count < 0 && errno == EINTR);
  return count == sizeof error_number ? error_number : 0;
}

Error spawn_error(const std::string& executable, int error_number) {
  return os_error(fmt::format("starting {}", executable), error_number);
}

}  // namespace

Result<SpawnedProcess> spawn(const SpawnRequest& request) {
  const int least = first_other(request);
  Pipe input = TRY(make_pipe(least));
  Pipe output = TRY(make_pipe(least));
  Pipe errors = TRY(make_pipe(least));
  Pipe status = TRY(make_pipe(least));
  const std::vector<UniqueFd> others = TRY(set_aside(request.descriptors, least));
  const std::vector<char*> arguments = as_c_strings(request.arguments);
  const std::vector<char*> environment = as_c_strings(request.environment);
  const Preparation preparation{.executable = request.executable.c_str(),
                                .arguments = arguments.data(),
                                .environment = environment.data(),
                                .parent = getpid(),
                                .input = input.read_end.get(),
                                .output = output.write_end.get(),
                                .errors = errors.write_end.get(),
                                .others = others.data(),
                                .first_other = least,
                                .status = status.write_end.get()};
  const pid_t pid = fork();
  if (pid < 0) return std::unexpected(spawn_error(request.executable, errno));
  if (pid == 0) become(preparation);
  status.write_end.reset();
  const int error_number = read_status(status.read_end);
  UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  const int pidfd_error = errno;
  if (error_number != 0 || !process.is_open()) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return std::unexpected(
        spawn_error(request.executable, error_number != 0 ? error_number : pidfd_error));
  }
  make_non_blocking(input.write_end);
  make_non_blocking(output.read_end);
  make_non_blocking(errors.read_end);
  return SpawnedProcess{.pid = pid,
                        .process = std::move(process),
                        .input = std::move(input.write_end),
                        .output = std::move(output.read_end),
                        .errors = std::move(errors.read_end)};
}

}  // namespace primocane
