// SPDX-License-Identifier: Apache-2.0
#include "node/kernel_check.hpp"

#include <fmt/format.h>

#include <charconv>

namespace primocane {

namespace {

// Children are waited for by pidfd_open(2), of 5.3, and waitid(2)'s P_PIDFD, of 5.4. Landlock
// (5.13) is used where it is there; as root the box does without.
constexpr ShortVersion oldest_kernel{.major = 5, .minor = 4};
constexpr ByteCount usual_page(4096);

}  // namespace

ShortVersion read_short_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  ShortVersion version;
  const auto [dot, error] = std::from_chars(text.data(), text.data() + text.size(), version.major);
  if (error != std::errc() || dot == end || *dot != '.') return {};
  if (std::from_chars(dot + 1, end, version.minor).ec != std::errc()) return {};
  return version;
}

Finding examine_kernel(const NodeFacts& facts) {
  const SystemFacts& system = facts.system;
  std::string found = fmt::format("Linux {} on {}", system.kernel_release, system.machine);
  if (!facts.system_name.empty()) found += " under " + facts.system_name;
  if (system.machine != "aarch64" && system.machine != "x86_64") {
    return {.check = "kernel",
            .level = Level::problem,
            .message = found + ", but primocane and K3s need a 64-bit kernel (aarch64, x86_64)",
            .advice = "install a 64-bit system; a Raspberry Pi 2 (1.1) and older can't have one"};
  }
  if (read_short_version(system.kernel_release) < oldest_kernel) {
    return {.check = "kernel",
            .level = Level::problem,
            .message = fmt::format("{}, but primocane needs Linux {}.{} or newer", found,
                                   oldest_kernel.major, oldest_kernel.minor),
            .advice = "update the system (Debian 11 has 5.10)"};
  }
  if (system.page_size == usual_page) return {.check = "kernel", .message = found};
  return {.check = "kernel",
          .message = fmt::format("{}, with pages of {}: primocane runs, some images do not (on a "
                                 "Raspberry Pi 5 kernel=kernel8.img in config.txt has 4.0 KiB)",
                                 found, to_string(system.page_size))};
}

}  // namespace primocane
