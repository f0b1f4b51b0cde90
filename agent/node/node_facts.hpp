// SPDX-License-Identifier: Apache-2.0
// NodeFacts: all that is known about this node, as values and texts, before anybody judges.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/system_facts.hpp"
#include "node/mounts.hpp"

#include <functional>
#include <optional>
#include <string>

namespace primocane {

/// Reads a small file of /proc, /sys, /run, /boot or /etc whole. Whoever builds the parts passes
/// the real one; tests read below a folder of theirs.
using ReadNodeFile = std::function<Result<std::string>(const std::string& path)>;

/// Where the state lies. Texts are trimmed, and empty where there is no such file.
struct Storage {
  Mount mount;
  std::string partition;       ///< name of the block device, "mmcblk0p2"; "" where it has none
  std::string ext4_errors;     ///< how many the kernel has counted since the last fsck
  std::string card_type;       ///< "SD" or "MMC"
  std::string card_life_time;  ///< of eMMC: "0x01 0x02", the share that is used up, in tenths
  std::string card_spare;      ///< of eMMC: "0x01" normal, "0x02" warning, "0x03" urgent
};

struct NodeFacts {
  SystemFacts system;
  WallTime not_before;      ///< when something was made that is here
  std::string system_name;  ///< "Debian GNU/Linux 12 (bookworm)", or ""
  /// systemd-timesyncd says that it has set the clock since the start.
  bool is_time_set = false;
  std::optional<std::string> cgroup_controllers;  ///< of cgroup v2; nothing without it
  std::string mounts;                             ///< as /proc/self/mountinfo
  std::string kernel_arguments;                   ///< this start's
  std::string boot_file;       ///< where the next start's are written, "" where that is not known
  std::string boot_arguments;  ///< what it says
  Storage storage;             ///< of SystemFacts::folder
};

/// Reads the files that tell the rest.
[[nodiscard]] NodeFacts read_node_facts(SystemFacts system, WallTime not_before,
                                        const ReadNodeFile& read);

}  // namespace primocane
