// SPDX-License-Identifier: Apache-2.0
#include "node/disk_check.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// A poll needs some KiB and a fetch some MiB.
constexpr ByteCount space_needed(64ULL * 1024 * 1024);
constexpr ByteCount space_wanted(256ULL * 1024 * 1024);
constexpr std::uint64_t inodes_needed = 100;
// K3s's kubelet evicts Pods when less than a twentieth is free (eviction-hard nodefs.available).
constexpr std::uint64_t share_wanted = 20;

Finding disk(Level level, std::string message, std::string advice) {
  return {
      .check = "disk", .level = level, .message = std::move(message), .advice = std::move(advice)};
}

// Numbers of sysfs: "12", "0x0b".
std::optional<std::uint64_t> read_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  if (is_hex) text.remove_prefix(2);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string place_of(const NodeFacts& facts) {
  const Mount& mount = facts.storage.mount;
  if (mount.type.empty()) return facts.system.folder;
  return fmt::format("{} ({} on {})", facts.system.folder, mount.type,
                     facts.storage.partition.empty() ? mount.source : facts.storage.partition);
}

void examine_writing(const NodeFacts& facts, std::vector<Finding>& findings) {
  const Mount& mount = facts.storage.mount;
  const bool is_shut_down =
      has_option(mount.super_options, "emergency_ro") || has_option(mount.options, "emergency_ro");
  const bool is_read_only =
      is_shut_down || has_option(mount.super_options, "ro") || has_option(mount.options, "ro");
  if (!is_read_only) return;
  const bool is_by_error = is_shut_down || (has_option(mount.super_options, "ro") &&
                                            has_option(mount.super_options, "errors=remount-ro"));
  std::string message = place_of(facts) + " is read-only";
  if (is_by_error) message += ", most likely since the kernel found errors in it";
  findings.push_back(
      disk(Level::problem, std::move(message),
           is_by_error
               ? "look at what 'sudo dmesg' says of it, save what is needed, and reboot with "
                 "fsck.mode=force; a card that does it again has to be replaced"
               : fmt::format("mount it for writing (sudo mount -o remount,rw {})", mount.point)));
}

void examine_space(const NodeFacts& facts, std::vector<Finding>& findings) {
  if (!facts.system.space) {
    findings.push_back(
        disk(Level::warning, place_of(facts) + ": how much is free is not known", {}));
    return;
  }
  const DiskSpace& space = *facts.system.space;
  const bool is_tight =
      space.free < space_wanted || space.free < ByteCount(space.size.count() / share_wanted);
  if (is_tight) {
    const Level level = space.free < space_needed ? Level::problem : Level::warning;
    findings.push_back(
        disk(level,
             fmt::format("{}: {} of {} are free{}", place_of(facts), to_string(space.free),
                         to_string(space.size),
                         level == Level::problem ? ", too little to fetch anything" : ""),
             fmt::format("make room on {}; below 5 % Kubernetes evicts Pods",
                         facts.storage.mount.point)));
  }
  if (space.inodes != 0 && space.inodes_free < space.inodes / share_wanted) {
    const Level level = space.inodes_free < inodes_needed ? Level::problem : Level::warning;
    findings.push_back(disk(level,
                            fmt::format("{}: {} of {} inodes are free", place_of(facts),
                                        space.inodes_free, space.inodes),
                            fmt::format("delete small files on {}", facts.storage.mount.point)));
  }
}

void examine_errors(const NodeFacts& facts, std::vector<Finding>& findings) {
  const std::optional<std::uint64_t> errors = read_number(facts.storage.ext4_errors);
  if (!errors || *errors == 0) return;
  findings.push_back(
      disk(Level::problem,
           fmt::format("{}: the kernel has counted {} error{} in this file system since it was "
                       "checked last",
                       place_of(facts), *errors, *errors == 1 ? "" : "s"),
           "save what is needed and reboot with fsck.mode=force on the kernel's command line; "
           "replace the card if they come again"));
}

// JESD84-B51, 7.4: life time in tenths from 1 on, 11 for more than all; spare blocks 1 to 3.
void examine_wear(const NodeFacts& facts, std::vector<Finding>& findings) {
  const Storage& storage = facts.storage;
  const std::string_view life = storage.card_life_time;
  const std::size_t space = life.find(' ');
  const std::uint64_t a = read_number(life.substr(0, space)).value_or(0);
  const std::uint64_t b =
      space == std::string_view::npos ? 0 : read_number(life.substr(space + 1)).value_or(0);
  const std::uint64_t used = std::max(a, b);
  const std::uint64_t spare = read_number(storage.card_spare).value_or(0);
  constexpr std::uint64_t nine_tenths = 10;
  constexpr std::uint64_t all = 11;
  if (used < nine_tenths && spare < 2) return;
  const bool is_urgent = used >= all || spare >= 3;
  findings.push_back(
      disk(is_urgent ? Level::problem : Level::warning,
           fmt::format("{}: the storage says that it is worn out (life time {}, spare blocks {})",
                       place_of(facts), life.empty() ? "not told" : life,
                       storage.card_spare.empty() ? "not told" : storage.card_spare),
           "replace it soon: a copy made now is better than one made later"));
}

void examine_memory(const NodeFacts& facts, std::vector<Finding>& findings) {
  const std::string& type = facts.storage.mount.type;
  if (type != "tmpfs" && type != "ramfs" && type != "overlay") return;
  findings.push_back(
      disk(Level::warning,
           fmt::format("{} may lie in memory: each start then fetches and looks at everything anew",
                       place_of(facts)),
           "let the state lie on a disk (--state-dir); K3s needs one as well"));
}

std::string describe(const NodeFacts& facts) {
  const DiskSpace& space = *facts.system.space;
  std::string text = fmt::format("{}: {} of {} are free", place_of(facts), to_string(space.free),
                                 to_string(space.size));
  if (facts.storage.card_type == "SD") text += "; an SD card, which does not tell how worn it is";
  if (facts.storage.card_type == "MMC") text += "; eMMC, not worn out";
  return text;
}

}  // namespace

std::vector<Finding> examine_disk(const NodeFacts& facts) {
  std::vector<Finding> findings;
  examine_writing(facts, findings);
  examine_space(facts, findings);
  examine_errors(facts, findings);
  examine_wear(facts, findings);
  examine_memory(facts, findings);
  if (findings.empty()) findings.push_back(disk(Level::ok, describe(facts), {}));
  return findings;
}

}  // namespace primocane
