// SPDX-License-Identifier: Apache-2.0
// Which files of a node are read: a folder plays the root.
#include "node/node_facts.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace primocane {

namespace {

class FakeRoot {
 public:
  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path full = folder_.path() + path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }

  [[nodiscard]] NodeFacts facts(const std::string& state = "/var/lib/primocane") const {
    SystemFacts system;
    system.folder = state;
    return read_node_facts(system, WallTime(), [this](const std::string& path) {
      std::ifstream file(folder_.path() + path);
      if (!file) return Result<std::string>(fail(ErrorKind::unavailable, path));
      return Result<std::string>(std::string(std::istreambuf_iterator<char>(file), {}));
    });
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("a node with nothing to read is a node of which nothing is known") {
  const NodeFacts facts = FakeRoot().facts();
  CHECK_FALSE(facts.is_time_set);
  CHECK_FALSE(facts.cgroup_controllers);
  CHECK(facts.boot_file.empty());
  CHECK(facts.storage.mount == Mount{});
  CHECK(facts.storage.partition.empty());
}

TEST_CASE("the files of a Raspberry Pi are found") {
  const FakeRoot root;
  root.write("/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n");
  root.write("/run/systemd/timesync/synchronized", "");
  root.write("/sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
  root.write("/proc/cmdline", "rootwait cgroup_enable=memory\n");
  root.write("/boot/firmware/cmdline.txt", "rootwait\n");
  root.write("/proc/self/mountinfo", "26 1 179:2 / / rw - ext4 /dev/root rw\n");
  root.write("/sys/dev/block/179:2/uevent", "MAJOR=179\nMINOR=2\nDEVNAME=mmcblk0p2\nPARTN=2\n");
  root.write("/sys/fs/ext4/mmcblk0p2/errors_count", "7\n");
  root.write("/sys/block/mmcblk0/device/type", "MMC\n");
  root.write("/sys/block/mmcblk0/device/life_time", "0x01 0x0b\n");
  root.write("/sys/block/mmcblk0/device/pre_eol_info", "0x02\n");
  const NodeFacts facts = root.facts();
  CHECK(facts.system_name == "Debian GNU/Linux 13 (trixie)");
  CHECK(facts.is_time_set);
  CHECK(facts.cgroup_controllers == "cpu memory");
  CHECK(facts.kernel_arguments == "rootwait cgroup_enable=memory");
  CHECK(facts.boot_file == "/boot/firmware/cmdline.txt");
  CHECK(facts.boot_arguments == "rootwait");
  CHECK(facts.storage.mount.type == "ext4");
  CHECK(facts.storage.partition == "mmcblk0p2");
  CHECK(facts.storage.ext4_errors == "7");
  CHECK(facts.storage.card_type == "MMC");
  CHECK(facts.storage.card_life_time == "0x01 0x0b");
  CHECK(facts.storage.card_spare == "0x02");
}

TEST_CASE("before Debian 12 the kernel's arguments lie in /boot, and other disks are no cards") {
  const FakeRoot root;
  root.write("/boot/cmdline.txt", "rootwait");
  root.write("/proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  root.write("/sys/dev/block/8:1/uevent", "DEVNAME=sda1\n");
  root.write("/sys/block/sda/device/type", "0\n");
  const NodeFacts facts = root.facts();
  CHECK(facts.boot_file == "/boot/cmdline.txt");
  CHECK(facts.storage.partition == "sda1");
  CHECK(facts.storage.card_type.empty());
}

TEST_CASE("a folder lies on the mount with the longest path, and on the last of several") {
  const std::string mounts =
      "1 0 8:1 / / rw - ext4 /dev/a rw\n"
      "2 1 8:2 / /var rw shared:1 master:2 - xfs /dev/b rw\n"
      "not a line of this file\n"
      "3 1 8:3 / /var/lib/my\\040state rw - ext4 /dev/c rw\n"
      "4 2 8:4 / /var ro - btrfs /dev/d rw,x=y\n";
  CHECK(find_mount(mounts, "/var/lib/primocane").source == "/dev/d");
  CHECK(find_mount(mounts, "/var").type == "btrfs");
  CHECK(find_mount(mounts, "/variety").source == "/dev/a");
  CHECK(find_mount(mounts, "/var/lib/my state/x").point == "/var/lib/my state");
  CHECK(find_mount("", "/") == Mount{});
  CHECK(mounted_type(mounts, "/var") == "btrfs");
  CHECK(mounted_type(mounts, "/var/lib").empty());
  const Mount whole{.device = "8:4",
                    .point = "/var",
                    .options = "ro",
                    .type = "btrfs",
                    .source = "/dev/d",
                    .super_options = "rw,x=y"};
  CHECK(find_mount(mounts, "/var") == whole);
}

TEST_CASE("an option is a whole word of the list") {
  CHECK(has_option("rw,errors=remount-ro", "errors=remount-ro"));
  CHECK(has_option("ro", "ro"));
  CHECK_FALSE(has_option("rw,errors=remount-ro", "ro"));
  CHECK_FALSE(has_option("", "ro"));
}

}  // namespace primocane
