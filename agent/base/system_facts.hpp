// SPDX-License-Identifier: Apache-2.0
// SystemFacts: what only system calls tell about a node. host/ asks the kernel, node/ judges.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace primocane {

/// What is left of a file system. A file system that makes inodes as it needs them has 0 of them.
struct DiskSpace {
  ByteCount size;
  ByteCount free;  ///< for root
  std::uint64_t inodes = 0;
  std::uint64_t inodes_free = 0;
};

/// Members without a value could not be found out.
struct SystemFacts {
  WallTime now;
  /// How wrong the kernel thinks its clock may be, which is much where nobody sets it.
  std::optional<Duration> clock_error;
  std::string kernel_release;  ///< as uname -r
  std::string machine;         ///< as uname -m
  ByteCount page_size;
  std::string folder;  ///< absolute, without links; the nearest that exists
  std::optional<DiskSpace> space;
};

}  // namespace primocane
