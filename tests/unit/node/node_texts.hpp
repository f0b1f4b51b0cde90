// SPDX-License-Identifier: Apache-2.0
// A node that is well, for tests to spoil one thing of.
#pragma once

#include "node/node_facts.hpp"
#include "report/status.hpp"

#include <string>

namespace primocane {

/// A mountinfo with the root on a card, of which `super_options` are the last field.
inline std::string mounts_with(const std::string& super_options) {
  return "26 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 " + super_options +
         "\n30 26 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
}

/// A Raspberry Pi whose state lies on an SD card, with the clock set by the network.
inline NodeFacts healthy_node() {
  NodeFacts facts;
  facts.system.now = read_time("2026-11-23T19:08:47Z").value();
  facts.system.clock_error = std::chrono::milliseconds(20);
  facts.system.kernel_release = "6.12.47+rpt-rpi-v8";
  facts.system.machine = "aarch64";
  facts.system.page_size = ByteCount(4096);
  facts.system.folder = "/var/lib/primocane";
  facts.system.space = DiskSpace{.size = ByteCount(32ULL << 30U),
                                 .free = ByteCount(16ULL << 30U),
                                 .inodes = 2'000'000,
                                 .inodes_free = 1'900'000};
  facts.not_before = read_time("2026-11-01T00:00:00Z").value();
  facts.cgroup_controllers = "cpuset cpu io memory pids";
  facts.mounts = mounts_with("rw");
  facts.kernel_arguments = "coherent_pool=1M cgroup_disable=memory cgroup_enable=memory rootwait";
  facts.boot_file = "/boot/firmware/cmdline.txt";
  facts.boot_arguments = "console=tty1 rootwait cgroup_enable=memory";
  facts.storage.mount = find_mount(facts.mounts, facts.system.folder);
  facts.storage.partition = "mmcblk0p2";
  facts.storage.ext4_errors = "0";
  facts.storage.card_type = "SD";
  return facts;
}

}  // namespace primocane
