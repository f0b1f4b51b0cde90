// SPDX-License-Identifier: Apache-2.0
// The box: how a child of ours locks itself before it reads a byte that somebody else wrote.
//
// In a box there is one folder and the three standard descriptors, and perhaps some plain files
// that are open for reading. There is no network, no other program, no new process or thread, no
// file outside of the folder, a bound on memory, time and output; and what a system call is not
// needed for is not possible (syscall_filter.hpp).
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace primocane {

/// What kept the box's folder from being left, strongest last. The filter of system calls and the
/// limits hold in each but the first.
enum class BoxStrength : std::uint8_t {
  none,        ///< nothing could be had; only with Boxing::best_effort
  landlock,    ///< Landlock alone: sizes and names of files outside can be asked for, not content
  namespaces,  ///< an ordinary user's user and mount namespaces, chroot
  root,        ///< mount namespace, chroot and another user
};

/// "none", "landlock", "namespaces", "root".
[[nodiscard]] std::string_view to_string(BoxStrength strength);

/// What happens where a box cannot be had.
enum class Boxing : std::uint8_t {
  required,     ///< the child ends before it reads anything: for the agent
  best_effort,  ///< as much as can be had: for a person's own files on the command line
};

/// Whom a boxed child runs as when it is started by root.
struct BoxUser {
  uid_t uid = 65534;
  gid_t gid = 65534;

  bool operator==(const BoxUser&) const = default;
};

/// All that a child needs to know to lock itself.
struct BoxSetup {
  std::string work;  ///< what it does then: "render", "index", "probe"
  std::string root;  ///< folder that is all it sees of the file system
  bool root_is_writable = false;
  std::uint32_t files = 0;  ///< how many descriptors of plain files there are from 3 on
  BoxLimits limits;
  Boxing boxing = Boxing::required;
  BoxUser user;
  pid_t parent = 0;  ///< the child ends when this one does
};

/// Locks the calling process, for good. Its current folder is the box's root afterwards, and so is
/// "/" unless the strength is landlock or none: the work uses names relative to ".". Only for a
/// process with one thread, and before it reads anything. `denied` where no box can be had and one
/// is required or a descriptor is no plain file open for reading alone, `unavailable` when the
/// folder is not there or the parent is gone; the process is half locked then and must end.
[[nodiscard]] Result<BoxStrength> enter_box(const BoxSetup& setup);

}  // namespace primocane
