// SPDX-License-Identifier: Apache-2.0
#include "document/unicode_case.hpp"

#include "document/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace primocane {

namespace {

// Of CaseRange: an upper letter follows on its lower one in turns (unicode.UpperLower).
constexpr std::int32_t alternating = 0x110000;
constexpr std::uint32_t replacement_character = 0xFFFD;

struct CaseRange {
  std::uint32_t first;
  std::uint32_t count;
  std::int32_t to_upper;
  std::int32_t to_lower;
};

constexpr auto case_ranges = std::to_array<CaseRange>({
#include "document/unicode_case_table.inc"
});

std::uint32_t code_point_of(std::string_view character) {
  constexpr std::array<unsigned char, 5> masks{0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t code_point =
      static_cast<unsigned char>(character.front()) & masks.at(character.size());
  for (const char byte : character.substr(1)) {
    code_point = code_point << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  return code_point;
}

std::uint32_t cased(std::uint32_t letter, LetterCase letter_case) {
  const auto* const range = std::ranges::upper_bound(case_ranges, letter, {}, &CaseRange::first);
  if (range == std::begin(case_ranges)) return letter;
  const CaseRange& found = *(range - 1);
  const std::uint32_t offset = letter - found.first;
  if (offset >= found.count) return letter;
  if (found.to_upper == alternating) {
    return found.first + (letter_case == LetterCase::upper ? offset & ~1U : offset | 1U);
  }
  const std::int32_t shift = letter_case == LetterCase::upper ? found.to_upper : found.to_lower;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(letter) + shift);
}

// Puts the first letter of `text` behind `result` and returns how long it was.
std::size_t append_cased(std::string_view text, LetterCase letter_case, std::string& result) {
  const std::size_t length = utf8_character(text);
  const std::uint32_t letter = length == 0
                                   ? replacement_character
                                   : cased(code_point_of(text.substr(0, length)), letter_case);
  if (!append_utf8(letter, result)) result += text.substr(0, length);
  return std::max(length, std::size_t{1});
}

}  // namespace

std::string in_case(std::string_view text, LetterCase letter_case) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) text.remove_prefix(append_cased(text, letter_case, result));
  return result;
}

std::string first_in_case(std::string_view text, LetterCase letter_case) {
  std::string result;
  if (text.empty()) return result;
  const std::size_t length = append_cased(text, letter_case, result);
  result += text.substr(length);
  return result;
}

}  // namespace primocane
