// SPDX-License-Identifier: Apache-2.0
#include "secrets/bech32.hpp"

#include "base/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace primocane {

namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;
constexpr std::size_t key_text_max = 200;  // of a pre-quantum key: 74 letters

// The checksum's state: a polynomial over groups of five bits.
class Checksum {
 public:
  void add(std::uint8_t group) {
    constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                     0x2a1462b3};
    const std::uint32_t top = state_ >> 25U;
    state_ = (state_ & 0x1FFFFFFU) << 5U ^ group;
    for (unsigned bit = 0; bit < generator.size(); ++bit) {
      if ((top >> bit & 1U) != 0) state_ ^= generator[bit];
    }
  }

  void add_prefix(std::string_view prefix) {
    const auto lower = [](char letter) { return static_cast<unsigned char>(to_lower(letter)); };
    for (const char letter : prefix) add(static_cast<std::uint8_t>(lower(letter) >> 5U));
    add(0);
    for (const char letter : prefix) add(static_cast<std::uint8_t>(lower(letter) & 31U));
  }

  [[nodiscard]] std::uint32_t state() const { return state_; }

 private:
  std::uint32_t state_ = 1;
};

bool is_printable(char letter) { return letter >= 33 && letter <= 126; }

bool has_one_case(std::string_view text) {
  const auto is_lower = [](char letter) { return letter >= 'a' && letter <= 'z'; };
  const auto is_upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  return std::ranges::none_of(text, is_lower) || std::ranges::none_of(text, is_upper);
}

// Groups of five bits into bytes; false if more than padding is left, or it is not zero.
bool unpack(std::span<const std::uint8_t> groups, std::span<std::uint8_t> bytes) {
  std::uint32_t bits = 0;
  unsigned count = 0;
  std::size_t next = 0;
  for (const std::uint8_t group : groups) {
    bits = bits << 5U | group;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes[next++] = static_cast<std::uint8_t>(bits >> count);
  }
  return count < 5 && (bits & ((1U << count) - 1)) == 0;
}

}  // namespace

std::optional<Bech32> read_bech32(std::string_view text) {
  const std::size_t separator = text.rfind('1');
  if (text.size() > key_text_max || separator == std::string_view::npos || separator == 0 ||
      !has_one_case(text) || separator + 1 + checksum_size > text.size()) {
    return std::nullopt;
  }
  const std::string_view prefix = text.substr(0, separator);
  if (!std::ranges::all_of(prefix, is_printable)) return std::nullopt;
  Checksum checksum;
  checksum.add_prefix(prefix);
  const std::string_view data = text.substr(separator + 1);
  SecretBytes groups(data.size());
  for (std::size_t index = 0; index < data.size(); ++index) {
    const std::size_t value = alphabet.find(to_lower(data[index]));
    if (value == std::string_view::npos) return std::nullopt;
    groups.bytes()[index] = static_cast<std::uint8_t>(value);
    checksum.add(groups.bytes()[index]);
  }
  if (checksum.state() != 1) return std::nullopt;
  groups.shorten(data.size() - checksum_size);
  Bech32 read{.prefix = std::string(prefix), .bytes = SecretBytes(groups.size() * 5 / 8)};
  if (!unpack(groups.bytes(), read.bytes.bytes())) return std::nullopt;
  return read;
}

std::string write_bech32(std::string_view prefix, std::span<const std::uint8_t> bytes) {
  std::string text(prefix);
  text += '1';
  Checksum checksum;
  checksum.add_prefix(prefix);
  const auto put = [&](std::uint32_t group) {
    checksum.add(static_cast<std::uint8_t>(group));
    text += alphabet[group];
  };
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U | byte) & 0xFFFU;
    count += 8;
    while (count >= 5) {
      count -= 5;
      put(bits >> count & 31U);
    }
  }
  if (count > 0) put(bits << (5 - count) & 31U);
  for (std::size_t index = 0; index < checksum_size; ++index) checksum.add(0);
  const std::uint32_t code = checksum.state() ^ 1U;
  for (unsigned index = 0; index < checksum_size; ++index) {
    text += alphabet[code >> 5 * (checksum_size - 1 - index) & 31U];
  }
  return text;
}

}  // namespace primocane
