// SPDX-License-Identifier: Apache-2.0
// https://docs.k3s.io/installation/requirements, raspberrypi/linux#6980: the firmware passes
// cgroup_disable=memory on purpose, and cgroup_enable=memory in cmdline.txt, which comes later,
// wins.
#include "node/cgroup_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace primocane {

namespace {

constexpr std::string_view switched_on = "cgroup_enable=memory";
constexpr std::string_view switched_off = "cgroup_disable=memory";

bool has_word(std::string_view text, std::string_view word) {
  constexpr std::string_view white_space = " \t\n";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(white_space), text.size());
    if (text.substr(0, end) == word) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

std::string how_to_switch_on(const NodeFacts& facts) {
  if (has_word(facts.kernel_arguments, switched_on)) {
    return "the kernel was started with cgroup_enable=memory, so it was built without it: install "
           "another (on Raspberry Pi OS: sudo apt full-upgrade) and reboot";
  }
  if (has_word(facts.boot_arguments, switched_on)) {
    return fmt::format("{} has {} already: reboot", facts.boot_file, switched_on);
  }
  if (!facts.boot_file.empty()) {
    return fmt::format(
        "add {} to the end of the one line in {}, behind a space and without a new "
        "line, and reboot",
        switched_on, facts.boot_file);
  }
  if (has_word(facts.kernel_arguments, switched_off)) {
    return fmt::format("take {} out of the kernel's command line and reboot", switched_off);
  }
  return fmt::format("add {} to the kernel's command line and reboot", switched_on);
}

Finding examine_without_version_2(const NodeFacts& facts) {
  const bool is_version_1 = !mounted_type(facts.mounts, "/sys/fs/cgroup").empty();
  return {.check = "memory-cgroup",
          .level = is_version_1 ? Level::warning : Level::problem,
          .message = is_version_1
                         ? "cgroup v1 is mounted at /sys/fs/cgroup: kubelets since Kubernetes 1.35 "
                           "refuse it, and MemoryHigh of primocane.service does not hold"
                         : "nothing is mounted at /sys/fs/cgroup: K3s does not start, and "
                           "MemoryMax of primocane.service does not hold",
          .advice = has_word(facts.kernel_arguments, "systemd.unified_cgroup_hierarchy=0")
                        ? "take systemd.unified_cgroup_hierarchy=0 out of the kernel's command "
                          "line and reboot"
                        : "use a system that mounts cgroup v2 there, as Debian has since 11 "
                          "(kernel argument systemd.unified_cgroup_hierarchy=1)"};
}

}  // namespace

Finding examine_memory_cgroup(const NodeFacts& facts) {
  if (!facts.cgroup_controllers) return examine_without_version_2(facts);
  if (has_word(*facts.cgroup_controllers, "memory")) {
    return {.check = "memory-cgroup", .message = "on, so that limits of memory hold"};
  }
  const bool is_told = has_word(facts.kernel_arguments, switched_off) &&
                       !has_word(facts.kernel_arguments, switched_on);
  return {
      .check = "memory-cgroup",
      .level = Level::problem,
      .message = fmt::format("memory is missing in /sys/fs/cgroup/cgroup.controllers{}: K3s "
                             "does not start (\"failed to find memory cgroup\"), and MemoryMax "
                             "of primocane.service does not hold",
                             is_told ? " (the kernel was started with cgroup_disable=memory)" : ""),
      .advice = how_to_switch_on(facts)};
}

}  // namespace primocane
