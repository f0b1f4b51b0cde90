// SPDX-License-Identifier: Apache-2.0
#include "host/box.hpp"

#include "base/os_error.hpp"
#include "base/unique_fd.hpp"
#include "host/box_namespaces.hpp"
#include "host/landlock.hpp"
#include "host/sanitizers.hpp"
#include "host/syscall_filter.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace primocane {

namespace {

constexpr rlim_t open_files_max = 256;  // libgit2 keeps one open for each pack

// When memory is short the node shall lose a rendering, not a workload or the agent.
void offer_to_oom_killer() {
  const UniqueFd file(open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  constexpr std::string_view most = "1000";
  [[maybe_unused]] const ssize_t written = write(file.get(), most.data(), most.size());
}

// Asked for again after each change of identity, because that takes it back. The check covers a
// parent that ended before.
Result<void> die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent) return {};
  return fail(ErrorKind::unavailable, "the process that started the box is gone");
}

Result<void> limit(decltype(RLIMIT_AS) resource, rlim_t soft, rlim_t hard, const char* name) {
  const rlimit bound{.rlim_cur = soft, .rlim_max = hard};
  if (setrlimit(resource, &bound) == 0) return {};
  return std::unexpected(os_error(fmt::format("limiting {}", name), errno));
}

Result<void> limit_resources(const BoxLimits& limits) {
  const auto seconds = static_cast<rlim_t>(limits.cpu_time.count());
  const rlim_t output = limits.output.count();
  const rlim_t memory = limits.memory.count();
  TRY(limit(RLIMIT_CORE, 0, 0, "core dumps"));
  TRY(limit(RLIMIT_NPROC, 0, 0, "processes"));
  TRY(limit(RLIMIT_NOFILE, open_files_max, open_files_max, "open files"));
  TRY(limit(RLIMIT_FSIZE, output, output, "the size of files"));
  TRY(limit(RLIMIT_CPU, seconds, seconds + 1, "processor time"));
  if constexpr (!is_sanitized) TRY(limit(RLIMIT_AS, memory, memory, "memory"));
  return {};
}

Result<void> drop_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  const std::array<__user_cap_data_struct, 2> none{};
  if (syscall(SYS_capset, &header, none.data()) == 0) return {};
  return std::unexpected(os_error("dropping capabilities", errno));
}

Result<void> check_root(const std::string& root) {
  struct stat status{};
  if (stat(root.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
  return fail(ErrorKind::unavailable, fmt::format("the box's root {} is not a folder", root));
}

// A folder's descriptor would be a way out, and one that can be written to a way to leave traces.
Result<void> check_files(std::uint32_t files) {
  for (int file = first_boxed_file; file < first_boxed_file + static_cast<int>(files); ++file) {
    struct stat status{};
    const bool is_plain = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (is_plain && (fcntl(file, F_GETFL) & (O_ACCMODE | O_PATH)) == O_RDONLY) continue;
    return fail(ErrorKind::denied,
                fmt::format("descriptor {} is no plain file that is open for reading alone", file));
  }
  return {};
}

struct Walls {
  BoxStrength strength = BoxStrength::none;
  std::string refusal{};  // why they are not stronger
};

// The walls around files, from the strongest that can be had.
Result<Walls> wall_in(const BoxSetup& setup) {
  if (geteuid() == 0) {
    // A failure half way is final: the process may be neither root nor anybody else.
    TRY(isolate_as_root(setup));
    return Walls{.strength = BoxStrength::root};
  }
  const Result<void> isolated = isolate_as_user(setup);
  if (isolated) return Walls{.strength = BoxStrength::namespaces};
  if (chdir(setup.root.c_str()) == 0) return Walls{.refusal = isolated.error().message};
  return std::unexpected(os_error(fmt::format("entering {}", setup.root), errno));
}

}  // namespace

std::string_view to_string(BoxStrength strength) {
  switch (strength) {
    case BoxStrength::none:
      return "none";
    case BoxStrength::landlock:
      return "landlock";
    case BoxStrength::namespaces:
      return "namespaces";
    case BoxStrength::root:
      return "root";
  }
  return "none";
}

Result<BoxStrength> enter_box(const BoxSetup& setup) {
  const bool is_required = setup.boxing == Boxing::required;
  TRY(die_with(setup.parent));
  TRY(check_root(setup.root));
  TRY(check_files(setup.files));
  offer_to_oom_killer();
  syscall(SYS_close_range, static_cast<unsigned>(first_boxed_file) + setup.files, ~0U, 0U);
  umask(S_IWGRP | S_IWOTH);
  const Walls walls = TRY(wall_in(setup));
  BoxStrength strength = walls.strength;
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return std::unexpected(os_error("giving up privileges", errno));
  }
  const BoxWriting writing = setup.root_is_writable ? BoxWriting::allow : BoxWriting::refuse;
  const bool restricted = restrict_to_current_folder(writing);
  if (restricted && strength == BoxStrength::none) strength = BoxStrength::landlock;
  if (strength == BoxStrength::none && is_required) {
    return fail(ErrorKind::denied,
                fmt::format("neither namespaces ({}) nor Landlock can be had here", walls.refusal));
  }
  TRY(drop_capabilities());
  TRY(limit_resources(setup.limits));
  prctl(PR_SET_DUMPABLE, 0);
  TRY(die_with(setup.parent));
  if (filter_system_calls(writing)) return strength;
  if (is_required) return fail(ErrorKind::denied, "the kernel has no seccomp filters");
  return BoxStrength::none;
}

}  // namespace primocane
