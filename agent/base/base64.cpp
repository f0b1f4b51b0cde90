// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace primocane {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::unexpected<Error> bad_base64(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("not base64: {}", why));
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<std::uint8_t>(c);
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += digits[(bits >> count) & 0x3FU];
    }
  }
  if (count > 0) text += digits[(bits << (6 - count)) & 0x3FU];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::size_t letters = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    ++letters;
    if (c == '=') {
      ++padding;
      continue;
    }
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return bad_base64("a character outside its alphabet");
    if (padding > 0) return bad_base64("something after the padding");
    bits = (bits << 6U) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xFFU);
  }
  if (letters % 4 != 0) return bad_base64("its length is no multiple of four");
  if (padding > 2) return bad_base64("too much padding");
  return bytes;
}

}  // namespace primocane
