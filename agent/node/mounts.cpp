// SPDX-License-Identifier: Apache-2.0
#include "node/mounts.hpp"

#include "base/take_until.hpp"

#include <cstddef>
#include <optional>

namespace primocane {

namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

// Spaces and the like stand there as "\040".
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) &&
                           is_octal(text[i + 2]) && is_octal(text[i + 3]);
    if (!is_escape) {
      plain += text[i];
      continue;
    }
    plain +=
        static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return plain;
}

// "36 35 179:2 / /mnt rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw,errors=remount-ro"
std::optional<Mount> read_mount(std::string_view line) {
  Mount mount;
  take_until(line, ' ');
  take_until(line, ' ');
  mount.device = take_until(line, ' ');
  take_until(line, ' ');
  mount.point = unescaped(take_until(line, ' '));
  mount.options = take_until(line, ' ');
  while (!line.empty() && take_until(line, ' ') != "-") {
  }
  mount.type = take_until(line, ' ');
  mount.source = unescaped(take_until(line, ' '));
  mount.super_options = take_until(line, ' ');
  if (mount.type.empty()) return std::nullopt;
  return mount;
}

bool is_beneath(std::string_view folder, std::string_view point) {
  if (point == "/") return true;
  return folder.starts_with(point) &&
         (folder.size() == point.size() || folder[point.size()] == '/');
}

}  // namespace

bool has_option(std::string_view options, std::string_view option) {
  while (!options.empty()) {
    if (take_until(options, ',') == option) return true;
  }
  return false;
}

Mount find_mount(std::string_view mountinfo, std::string_view folder) {
  Mount best;
  while (!mountinfo.empty()) {
    std::optional<Mount> mount = read_mount(take_until(mountinfo, '\n'));
    if (!mount || !is_beneath(folder, mount->point)) continue;
    if (mount->point.size() >= best.point.size()) best = std::move(*mount);
  }
  return best;
}

std::string mounted_type(std::string_view mountinfo, std::string_view point) {
  Mount mount = find_mount(mountinfo, point);
  return mount.point == point ? std::move(mount.type) : std::string();
}

}  // namespace primocane
