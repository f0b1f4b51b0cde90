// SPDX-License-Identifier: Apache-2.0
#include "secrets/age_armor.hpp"

#include "base/base64.hpp"
#include "base/take_until.hpp"
#include "base/trimmed.hpp"

#include <cstddef>

namespace primocane {

namespace {

constexpr std::string_view armor_begin = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr std::string_view armor_end = "-----END AGE ENCRYPTED FILE-----";
constexpr std::size_t columns = 64;
constexpr std::size_t white_space_max = 1024;

std::unexpected<Error> bad_armor(std::string_view what) {
  return fail(ErrorKind::invalid, std::string("the age armor is damaged: ").append(what));
}

// A line without its end, which may be "\r\n".
std::string_view take_armor_line(std::string_view& text) {
  std::string_view line = take_until(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<void> check_trailing(std::string_view text) {
  if (!trimmed(text).empty()) return bad_armor("something follows its end");
  if (text.size() >= white_space_max) return bad_armor("too much white space follows its end");
  return {};
}

}  // namespace

bool is_armored(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text.starts_with(armor_begin);
}

Result<std::string> strict_base64(std::string_view text, Padding padding) {
  const auto bad = [] { return fail(ErrorKind::invalid, "no strict base64"); };
  if (text.find_first_of("\r\n") != std::string_view::npos) return bad();
  std::string padded(text);
  if (padding == Padding::none) {
    if (text.ends_with('=')) return bad();
    padded.append((4 - text.size() % 4) % 4, '=');
  }
  Result<std::string> bytes = from_base64(padded);
  if (!bytes) return bad();
  // Bits that are left over must be zero: there is one text for the bytes.
  if (to_base64(*bytes) != padded) return bad();
  return bytes;
}

Result<std::string> read_armor(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (begin > white_space_max) return bad_armor("too much white space precedes it");
  // The line must begin with it.
  if (begin > 0 && text[begin - 1] != '\n') return bad_armor("its first line is indented");
  text.remove_prefix(begin);
  if (take_armor_line(text) != armor_begin) return bad_armor("its first line is missing");
  std::string bytes;
  for (bool is_last = false;;) {
    if (text.empty()) return bad_armor("its last line is missing");
    const std::string_view line = take_armor_line(text);
    if (line == armor_end) break;
    if (is_last) return bad_armor("a line is too short");
    if (line.empty()) return bad_armor("a line is empty");
    if (line.size() > columns) return bad_armor("a line is too long");
    const Result<std::string> piece = strict_base64(line, Padding::required);
    if (!piece) return bad_armor("a line is no base64");
    is_last = piece->size() < columns / 4 * 3;
    bytes += *piece;
  }
  TRY(check_trailing(text));
  return bytes;
}

}  // namespace primocane
