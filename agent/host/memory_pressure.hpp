// SPDX-License-Identifier: Apache-2.0
// MemoryPressure: whether this service's cgroup is short of memory, as the kernel counts it
// (Documentation/admin-guide/cgroup-v2.rst, memory.events and memory.pressure).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// How often a cgroup ran into its limits, of the text of its memory.events: the sum of "high",
/// where the kernel slowed it down to take memory back, and "max".
[[nodiscard]] std::optional<std::uint64_t> read_limit_events(std::string_view text);

/// The share of the last ten seconds, in percent, in which something in the cgroup waited for
/// memory, of the text of its memory.pressure: avg10 of "some".
[[nodiscard]] std::optional<double> read_stall_share(std::string_view text);

class MemoryPressure {
 public:
  /// Of the cgroup whose files are in `folder`; "" where there is none.
  explicit MemoryPressure(std::string folder) : folder_(std::move(folder)) {}
  /// Of ours.
  [[nodiscard]] static MemoryPressure of_this_process();

  /// Whether it has run into a limit since this was last asked, or waits for memory more than a
  /// tenth of the time. What the kernel does not count is no pressure.
  [[nodiscard]] bool has_risen();

 private:
  std::string folder_;
  std::optional<std::uint64_t> known_events_;
};

}  // namespace primocane
