// SPDX-License-Identifier: Apache-2.0
#include "host/box_namespaces.hpp"

#include "base/os_error.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/mount.h>
#include <unistd.h>

namespace primocane {

namespace {

Result<void> check(int outcome, std::string_view what) {
  if (outcome == 0) return {};
  return std::unexpected(os_error(what, errno));
}

// Makes the root a mount of its own, in which nothing can be executed, no device works and, unless
// it is writable, nothing can be changed. With what is mounted below, because the kernel does not
// let a user uncover what a mount hides.
Result<void> mount_root(const BoxSetup& setup) {
  const char* root = setup.root.c_str();
  TRY(check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "making mounts private"));
  TRY(check(mount(root, root, nullptr, MS_BIND | MS_REC, nullptr), "binding the box's root"));
  unsigned long flags = MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (!setup.root_is_writable) flags |= MS_RDONLY;
  return check(mount(nullptr, root, nullptr, flags, nullptr), "protecting the box's root");
}

Result<void> change_root(const BoxSetup& setup) {
  TRY(check(chdir(setup.root.c_str()), fmt::format("entering the box's root {}", setup.root)));
  TRY(check(chroot("."), "chroot"));
  return check(chdir("/"), "entering the new root");
}

Result<void> write_file(const char* path, std::string_view text) {
  const UniqueFd file(open(path, O_WRONLY | O_CLOEXEC));
  if (file.is_open() &&
      write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) {
    return {};
  }
  return std::unexpected(os_error(fmt::format("writing {}", path), errno));
}

}  // namespace

// The namespaces of root are a second wall: without them chroot, the other user, the filter of
// system calls and Landlock still hold, so that a container without CAP_SYS_ADMIN has a box too.
Result<void> isolate_as_root(const BoxSetup& setup) {
  for (const int space : {CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS}) {
    if (unshare(space) != 0) break;
  }
  if (unshare(CLONE_NEWNS) == 0) {
    ignore(mount_root(setup), "a container may refuse mounts; the walls named above hold");
  }
  const auto& [uid, gid] = setup.user;
  if (setup.root_is_writable) {
    TRY(check(chown(setup.root.c_str(), uid, gid), "giving the box's root to its user"));
  }
  TRY(change_root(setup));
  TRY(check(setgroups(0, nullptr), "leaving all groups"));
  TRY(check(setresgid(gid, gid, gid), "changing the group"));
  TRY(check(setresuid(uid, uid, uid), "changing the user"));
  if (setuid(0) == 0) return fail(ErrorKind::denied, "the box's user can become root again");
  return {};
}

// The user stays itself inside: files that the work makes belong to whoever started it.
Result<void> isolate_as_user(const BoxSetup& setup) {
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  TRY(check(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS),
            "making namespaces"));
  TRY(write_file("/proc/self/setgroups", "deny"));
  TRY(write_file("/proc/self/uid_map", fmt::format("{} {} 1", uid, uid)));
  TRY(write_file("/proc/self/gid_map", fmt::format("{} {} 1", gid, gid)));
  TRY(mount_root(setup));
  return change_root(setup);
}

}  // namespace primocane
