// SPDX-License-Identifier: Apache-2.0
// Which file system a folder lies on, by /proc/self/mountinfo (proc_pid_mountinfo(5)).
#pragma once

#include <string>
#include <string_view>

namespace primocane {

struct Mount {
  std::string device;  ///< "179:2"
  std::string point;
  std::string options;  ///< of the mount: "rw,relatime"
  std::string type;     ///< "ext4"
  std::string source;   ///< "/dev/mmcblk0p2", or whatever was given
  std::string super_options;

  bool operator==(const Mount&) const = default;
};

/// Whether the list `options` ("rw,errors=remount-ro") holds `option`.
[[nodiscard]] bool has_option(std::string_view options, std::string_view option);

/// The mount that `folder`, an absolute path without links, lies on. Of several at one point the
/// last, which hides the others. Everything is empty where the text names none.
[[nodiscard]] Mount find_mount(std::string_view mountinfo, std::string_view folder);

/// The type of what is mounted just there, or "".
[[nodiscard]] std::string mounted_type(std::string_view mountinfo, std::string_view point);

}  // namespace primocane
