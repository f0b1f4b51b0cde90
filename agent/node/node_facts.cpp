// SPDX-License-Identifier: Apache-2.0
#include "node/node_facts.hpp"

#include "base/trimmed.hpp"

#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::string text_of(const ReadNodeFile& read, const std::string& path) {
  const Result<std::string> text = read(path);
  return text ? std::string(trimmed(*text)) : std::string();
}

// The value behind `key` ("DEVNAME=") in a text of such lines, without quotation marks.
std::string value_of(std::string_view text, std::string_view key) {
  const std::size_t begin = text.find(key);
  if (begin == std::string_view::npos) return {};
  std::string_view value = text.substr(begin + key.size());
  value = value.substr(0, value.find('\n'));
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
    value = value.substr(1, value.size() - 2);
  }
  return std::string(value);
}

// "mmcblk0" of "mmcblk0p2". Of others nothing is asked.
std::string card_of(std::string_view partition) {
  if (!partition.starts_with("mmcblk")) return {};
  return std::string(partition.substr(0, partition.find('p')));
}

Storage read_storage(const NodeFacts& facts, const ReadNodeFile& read) {
  Storage storage;
  storage.mount = find_mount(facts.mounts, facts.system.folder);
  storage.partition =
      value_of(text_of(read, "/sys/dev/block/" + storage.mount.device + "/uevent"), "DEVNAME=");
  if (storage.partition.empty()) return storage;
  storage.ext4_errors = text_of(read, "/sys/fs/ext4/" + storage.partition + "/errors_count");
  const std::string card = card_of(storage.partition);
  if (card.empty()) return storage;
  const std::string folder = "/sys/block/" + card + "/device/";
  storage.card_type = text_of(read, folder + "type");
  storage.card_life_time = text_of(read, folder + "life_time");
  storage.card_spare = text_of(read, folder + "pre_eol_info");
  return storage;
}

}  // namespace

NodeFacts read_node_facts(SystemFacts system, WallTime not_before, const ReadNodeFile& read) {
  NodeFacts facts;
  facts.system = std::move(system);
  facts.not_before = not_before;
  facts.system_name = value_of(text_of(read, "/etc/os-release"), "PRETTY_NAME=");
  facts.is_time_set = read("/run/systemd/timesync/synchronized").has_value();
  const Result<std::string> controllers = read("/sys/fs/cgroup/cgroup.controllers");
  if (controllers) facts.cgroup_controllers = trimmed(*controllers);
  facts.mounts = text_of(read, "/proc/self/mountinfo");
  facts.kernel_arguments = text_of(read, "/proc/cmdline");
  // Raspberry Pi OS since Debian 12, and before.
  for (const char* path : {"/boot/firmware/cmdline.txt", "/boot/cmdline.txt"}) {
    facts.boot_arguments = text_of(read, path);
    if (facts.boot_arguments.empty()) continue;
    facts.boot_file = path;
    break;
  }
  facts.storage = read_storage(facts, read);
  return facts;
}

}  // namespace primocane
