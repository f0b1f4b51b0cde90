// SPDX-License-Identifier: Apache-2.0
#include "host/box_user.hpp"

#include "base/take_until.hpp"
#include "host/read_file.hpp"

#include <array>
#include <charconv>

namespace primocane {

namespace {

constexpr ByteCount passwd_max{16 * 1024 * 1024};

std::optional<std::uint32_t> read_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id == 0) return std::nullopt;
  return id;
}

}  // namespace

std::optional<BoxUser> find_box_user(std::string_view passwd, std::string_view name) {
  while (!passwd.empty()) {
    std::string_view line = take_until(passwd, '\n');
    std::array<std::string_view, 4> fields;  // name, password, uid, gid
    for (std::string_view& field : fields) field = take_until(line, ':');
    if (fields[0] != name) continue;
    const std::optional<std::uint32_t> uid = read_id(fields[2]);
    const std::optional<std::uint32_t> gid = read_id(fields[3]);
    if (!uid || !gid) return std::nullopt;
    return BoxUser{.uid = *uid, .gid = *gid};
  }
  return std::nullopt;
}

std::optional<BoxUser> find_installed_box_user() {
  const Result<std::string> text = read_file("/etc/passwd", passwd_max);
  if (!text) return std::nullopt;
  return find_box_user(*text, box_user_name);
}

}  // namespace primocane
