// SPDX-License-Identifier: Apache-2.0
#include "host/read_system_facts.hpp"

#include <chrono>
#include <filesystem>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

namespace primocane {

namespace {

namespace fs = std::filesystem;

// The folder itself, or the first one above it that exists.
std::string nearest_folder(const std::string& folder) {
  std::error_code error;
  fs::path path = fs::absolute(folder, error);
  while (path.has_relative_path() && !fs::is_directory(path, error)) path = path.parent_path();
  const fs::path real = fs::canonical(path, error);
  return error ? path.string() : real.string();
}

std::optional<DiskSpace> space_of(const std::string& folder) {
  struct statvfs found{};
  if (statvfs(folder.c_str(), &found) != 0) return std::nullopt;
  return DiskSpace{.size = ByteCount(found.f_blocks * found.f_frsize),
                   .free = ByteCount(found.f_bfree * found.f_frsize),
                   .inodes = found.f_files,
                   .inodes_free = found.f_ffree};
}

std::optional<Duration> clock_error() {
  timex state{};  // without a mode it only asks, which everybody may
  if (adjtimex(&state) < 0) return std::nullopt;
  return std::chrono::microseconds(state.maxerror);
}

}  // namespace

SystemFacts read_system_facts(const Clock& clock, const std::string& folder) {
  SystemFacts facts;
  facts.now = clock.wall_now();
  facts.clock_error = clock_error();
  utsname name{};
  if (uname(&name) == 0) {
    facts.kernel_release = static_cast<const char*>(name.release);
    facts.machine = static_cast<const char*>(name.machine);
  }
  facts.page_size = ByteCount(static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  facts.folder = nearest_folder(folder);
  facts.space = space_of(facts.folder);
  return facts;
}

}  // namespace primocane
