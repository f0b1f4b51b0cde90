// SPDX-License-Identifier: Apache-2.0
// How much memory the service manager lets this process have (MemoryMax=).
#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The path of a process's cgroup ("/system.slice/primocane.service") in the text of its
/// /proc/PID/cgroup, or "" where there is none of version 2 (cgroups(7)).
[[nodiscard]] std::string_view cgroup_path(std::string_view text);

/// The value of a memory.max; nothing for "max", which is no limit, and for what is no number.
[[nodiscard]] std::optional<ByteCount> read_memory_max(std::string_view text);

/// The smallest memory.max of our cgroup and those above it. Nothing where there is no limit, or
/// the kernel counts no memory.
[[nodiscard]] std::optional<ByteCount> cgroup_memory_max();

/// What one child may have where all of us may have `all`: less than it by what the agent itself
/// needs, so that the kernel stops the child at its own limit before it looks for a victim.
[[nodiscard]] ByteCount child_memory_max(ByteCount all);

}  // namespace primocane
