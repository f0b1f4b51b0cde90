// SPDX-License-Identifier: Apache-2.0
#include "host/landlock.hpp"

#include "base/unique_fd.hpp"

#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>

namespace primocane {

namespace {

// By number: GCC 12's C library has no functions for them, and Debian 12's header none of the
// rights that came after version 2 of the interface.
constexpr std::uint64_t right_to_truncate = 1ULL << 14U;
constexpr std::uint64_t right_to_control_devices = 1ULL << 15U;

// The rights that version `version` of the interface can take away.
std::uint64_t all_rights(long version) {
  std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;  // all of version 1
  if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
  if (version >= 3) rights |= right_to_truncate;
  if (version >= 5) rights |= right_to_control_devices;
  return rights;
}

constexpr std::uint64_t rights_to_read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t rights_to_write = LANDLOCK_ACCESS_FS_WRITE_FILE |
                                          LANDLOCK_ACCESS_FS_MAKE_REG |
                                          LANDLOCK_ACCESS_FS_REMOVE_FILE | right_to_truncate;

// Below 1 without Landlock.
long interface_version() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

}  // namespace

bool has_landlock() { return interface_version() >= 1; }

bool restrict_to_current_folder(BoxWriting writing) {
  const long version = interface_version();
  if (version < 1) return false;
  const std::uint64_t handled = all_rights(version);
  const landlock_ruleset_attr attributes{.handled_access_fs = handled};
  const UniqueFd rules(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!rules.is_open()) return false;
  const UniqueFd folder(open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return false;
  const std::uint64_t rights =
      rights_to_read | (writing == BoxWriting::allow ? rights_to_write : 0);
  const landlock_path_beneath_attr rule{.allowed_access = handled & rights,
                                        .parent_fd = folder.get()};
  return syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 &&
         syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
}

}  // namespace primocane
