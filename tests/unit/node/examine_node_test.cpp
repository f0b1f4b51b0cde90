// SPDX-License-Identifier: Apache-2.0
// What is wrong with a node: each case spoils one thing of a node that is well.
#include "node/examine_node.hpp"

#include "node/cgroup_check.hpp"
#include "node/clock_check.hpp"
#include "node/disk_check.hpp"
#include "node/kernel_check.hpp"
#include "node_texts.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <chrono>
#include <functional>

namespace primocane {

namespace {

struct Spoiled {
  const char* what;
  std::function<void(NodeFacts&)> spoil;
  Level level;
  std::string message;  // a part of it
  std::string advice;   // a part of it
};

// The worst finding that `check` makes of a node spoiled so.
void check_spoiled(const Spoiled& spoiled, const std::string& check) {
  INFO(spoiled.what);
  NodeFacts facts = healthy_node();
  spoiled.spoil(facts);
  facts.storage.mount = find_mount(facts.mounts, facts.system.folder);
  const std::vector<Finding> findings = examine_node(facts);
  for (const Finding& finding : findings) {
    if (finding.check != check) {
      CHECK(finding.level == Level::ok);
      continue;
    }
    INFO(finding.message << "; " << finding.advice);
    CHECK(finding.level == spoiled.level);
    CHECK(finding.message.find(spoiled.message) != std::string::npos);
    CHECK(finding.advice.find(spoiled.advice) != std::string::npos);
  }
}

void set_options(NodeFacts& facts, const std::string& options) {
  facts.mounts = mounts_with(options);
}

}  // namespace

TEST_CASE("a node that is well has one ok for each check and nothing to do") {
  const std::vector<Finding> findings = examine_node(healthy_node());
  REQUIRE(findings.size() == 4);
  CHECK(std::ranges::all_of(findings, [](const Finding& finding) {
    return finding.level == Level::ok && finding.advice.empty() && !finding.message.empty();
  }));
}

TEST_CASE("the clock must be after what is known to have been made, and somebody should set it") {
  using namespace std::chrono_literals;
  const auto spoiled = GENERATE(values<Spoiled>({
      {"never set", [](NodeFacts& f) { f.system.now = WallTime(9s); }, Level::problem,
       "1970-01-01T00:00:09Z", "timedatectl"},
      {"one second too early", [](NodeFacts& f) { f.system.now = f.not_before - 1s; },
       Level::problem, "2026-11-01T00:00:00Z", "port 123"},
      {"as early as can be", [](NodeFacts& f) { f.system.now = f.not_before; }, Level::ok,
       "2026-11-01T00:00:00Z", ""},
      {"not synchronised", [](NodeFacts& f) { f.system.clock_error = 16s; }, Level::warning,
       "nothing has set it", "set-ntp true"},
      {"the kernel does not tell", [](NodeFacts& f) { f.system.clock_error.reset(); },
       Level::warning, "nothing has set it", "set-ntp true"},
      {"only timesyncd tells",
       [](NodeFacts& f) {
         f.system.clock_error.reset();
         f.is_time_set = true;
       },
       Level::ok, "set by the network", ""},
      {"synchronised, but wrong",
       [](NodeFacts& f) {
         f.is_time_set = true;
         f.system.now = WallTime(0s);
       },
       Level::problem, "1970", "timedatectl"},
  }));
  check_spoiled(spoiled, "clock");
}

TEST_CASE("without the memory cgroup it is said what to write where") {
  const auto without = [](NodeFacts& f) { f.cgroup_controllers = "cpuset cpu io pids"; };
  const auto spoiled = GENERATE_COPY(values<Spoiled>({
      {"as Raspberry Pi OS comes",
       [=](NodeFacts& f) {
         without(f);
         f.kernel_arguments = "cgroup_disable=memory rootwait";
         f.boot_arguments = "console=tty1 rootwait";
       },
       Level::problem, "started with cgroup_disable=memory",
       "add cgroup_enable=memory to the end of the one line in /boot/firmware/cmdline.txt"},
      {"written, but not started since",
       [=](NodeFacts& f) {
         without(f);
         f.kernel_arguments = "cgroup_disable=memory rootwait";
       },
       Level::problem, "started with", "has cgroup_enable=memory already: reboot"},
      {"another machine that was told so",
       [=](NodeFacts& f) {
         without(f);
         f.kernel_arguments = "root=/dev/vda1 cgroup_disable=memory";
         f.boot_file = f.boot_arguments = "";
       },
       Level::problem, "memory is missing", "take cgroup_disable=memory out"},
      {"another machine",
       [=](NodeFacts& f) {
         without(f);
         f.kernel_arguments = "root=/dev/vda1";
         f.boot_file = f.boot_arguments = "";
       },
       Level::problem, "memory is missing", "add cgroup_enable=memory to the kernel's"},
      {"a kernel that was built without", without, Level::problem, "memory is missing",
       "install another"},
      {"a controller whose name begins so",
       [](NodeFacts& f) { f.cgroup_controllers = "cpu memory2"; }, Level::problem,
       "memory is missing", "install another"},
      {"cgroup v1",
       [](NodeFacts& f) {
         f.cgroup_controllers.reset();
         f.mounts += "31 26 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n";
       },
       Level::warning, "cgroup v1", "unified_cgroup_hierarchy=1"},
      {"cgroup v1 by the command line",
       [](NodeFacts& f) {
         f.cgroup_controllers.reset();
         f.kernel_arguments = "systemd.unified_cgroup_hierarchy=0";
       },
       Level::warning, "cgroup v1", "take systemd.unified_cgroup_hierarchy=0 out"},
      {"none at all",
       [](NodeFacts& f) {
         f.cgroup_controllers.reset();
         f.mounts = "26 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n";
       },
       Level::problem, "nothing is mounted", "cgroup v2"},
  }));
  check_spoiled(spoiled, "memory-cgroup");
}

TEST_CASE("the disk of the state must be there for writing, have room and be healthy") {
  const auto with_space = [](std::uint64_t free_mib, std::uint64_t size_mib) {
    return DiskSpace{.size = ByteCount(size_mib << 20U), .free = ByteCount(free_mib << 20U)};
  };
  const auto spoiled = GENERATE_COPY(values<Spoiled>({
      {"read-only", [](NodeFacts& f) { set_options(f, "ro"); }, Level::problem,
       "/var/lib/primocane (ext4 on mmcblk0p2) is read-only", "remount,rw /"},
      {"read-only by errors", [](NodeFacts& f) { set_options(f, "ro,errors=remount-ro"); },
       Level::problem, "found errors", "fsck.mode=force"},
      {"shut down by errors", [](NodeFacts& f) { set_options(f, "rw,emergency_ro"); },
       Level::problem, "found errors", "fsck.mode=force"},
      {"only the mount is read-only",
       [](NodeFacts& f) {
         f.mounts += "40 26 179:2 /x /var/lib ro - ext4 /dev/mmcblk0p2 rw,errors=remount-ro\n";
       },
       Level::problem, "is read-only", "remount,rw /var/lib"},
      {"full", [=](NodeFacts& f) { f.system.space = with_space(0, 1024); }, Level::problem,
       "0 bytes of 1.0 GiB are free, too little", "make room on /"},
      {"nearly full", [=](NodeFacts& f) { f.system.space = with_space(200, 1024); }, Level::warning,
       "200.0 MiB of 1.0 GiB are free", "make room on /"},
      {"a twentieth of a large one",
       [=](NodeFacts& f) { f.system.space = with_space(4'000, 102'400); }, Level::warning,
       "3.9 GiB of 100.0 GiB", "evicts Pods"},
      {"few inodes", [](NodeFacts& f) { f.system.space->inodes_free = 2'000; }, Level::warning,
       "2000 of 2000000 inodes", "small files"},
      {"no inodes", [](NodeFacts& f) { f.system.space->inodes_free = 0; }, Level::problem,
       "0 of 2000000 inodes", "small files"},
      {"a file system without a number of inodes",
       [](NodeFacts& f) { f.system.space->inodes = f.system.space->inodes_free = 0; }, Level::ok,
       "are free", ""},
      {"space unknown", [](NodeFacts& f) { f.system.space.reset(); }, Level::warning, "not known",
       ""},
      {"errors", [](NodeFacts& f) { f.storage.ext4_errors = "3"; }, Level::problem,
       "has counted 3 errors", "fsck.mode=force"},
      {"an error count that is none", [](NodeFacts& f) { f.storage.ext4_errors = "?"; }, Level::ok,
       "", ""},
      {"eMMC as new",
       [](NodeFacts& f) {
         f.storage.card_type = "MMC";
         f.storage.card_life_time = "0x01 0x02";
         f.storage.card_spare = "0x01";
       },
       Level::ok, "eMMC", ""},
      {"eMMC with nine tenths used", [](NodeFacts& f) { f.storage.card_life_time = "0x01 0x0a"; },
       Level::warning, "worn out", "replace it"},
      {"eMMC past its life", [](NodeFacts& f) { f.storage.card_life_time = "0x0b 0x01"; },
       Level::problem, "worn out (life time 0x0b 0x01, spare blocks not told)", "replace it"},
      {"eMMC short of spare blocks", [](NodeFacts& f) { f.storage.card_spare = "0x02"; },
       Level::warning, "worn out", "replace it"},
      {"eMMC out of spare blocks", [](NodeFacts& f) { f.storage.card_spare = "0x03"; },
       Level::problem, "worn out", "replace it"},
      {"an overlay",
       [](NodeFacts& f) {
         f.mounts += "41 26 0:50 / /var rw - overlay overlay rw,upperdir=/run/up\n";
         f.storage.partition = "";
       },
       Level::warning, "(overlay on overlay) may lie in memory", "--state-dir"},
  }));
  check_spoiled(spoiled, "disk");
}

TEST_CASE("kernel and processor must be such as the program needs") {
  const auto spoiled = GENERATE(values<Spoiled>({
      {"a 32-bit kernel", [](NodeFacts& f) { f.system.machine = "armv7l"; }, Level::problem,
       "64-bit", "64-bit system"},
      {"an old one", [](NodeFacts& f) { f.system.kernel_release = "5.3.18-v8"; }, Level::problem,
       "needs Linux 5.4", "update"},
      {"the oldest that will do", [](NodeFacts& f) { f.system.kernel_release = "5.4.0"; },
       Level::ok, "5.4.0", ""},
      {"a version of two digits", [](NodeFacts& f) { f.system.kernel_release = "5.10"; }, Level::ok,
       "5.10", ""},
      {"no version", [](NodeFacts& f) { f.system.kernel_release = "mine"; }, Level::problem, "mine",
       "update"},
      {"a Raspberry Pi 5", [](NodeFacts& f) { f.system.page_size = ByteCount(16384); }, Level::ok,
       "pages of 16.0 KiB", ""},
  }));
  check_spoiled(spoiled, "kernel");
}

TEST_CASE("all that is wrong with a disk is told") {
  NodeFacts facts = healthy_node();
  facts.storage.ext4_errors = "1";
  facts.system.space->free = ByteCount(0);
  CHECK(examine_disk(facts).size() == 2);
}

TEST_CASE("the first two numbers of a version are read, whatever follows") {
  CHECK(read_short_version("v1.33.4+k3s1") == ShortVersion{1, 33});
  CHECK(read_short_version("6.12-rc1") == ShortVersion{6, 12});
  CHECK(read_short_version("6") == ShortVersion{});
  CHECK(read_short_version("6.") == ShortVersion{});
  CHECK(read_short_version("") == ShortVersion{});
  CHECK(read_short_version("99999999999.1") == ShortVersion{});
}

}  // namespace primocane
