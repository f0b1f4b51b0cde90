// SPDX-License-Identifier: Apache-2.0
#include "resource/names.hpp"

#include "document/letters.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace primocane {

namespace {

constexpr std::size_t label_length_max = 63;  // DNS label

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Whether UTF-8 `text` holds a character that is not seen or makes what is seen untrue: controls
// of ISO 6429 (U+0080 to U+009F), marks of width and direction, separators of lines, U+FEFF.
bool holds_invisible(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const unsigned next = byte(i + 1);
    const unsigned third = byte(i + 2);
    const bool is_second_control = byte(i) == 0xC2 && next <= 0x9F;
    const bool is_mark = byte(i) == 0xE2 && ((next == 0x80 && third >= 0x8B && third <= 0x8F) ||
                                             (next == 0x80 && third >= 0xA8 && third <= 0xAE) ||
                                             (next == 0x81 && third >= 0xA0 && third <= 0xAF));
    const bool is_byte_order_mark = byte(i) == 0xEF && next == 0xBB && third == 0xBF;
    if (is_second_control || is_mark || is_byte_order_mark) return true;
  }
  return false;
}

}  // namespace

bool is_namespace_name(std::string_view text) {
  return !text.empty() && text.size() <= label_length_max && is_lower_or_digit(text.front()) &&
         is_lower_or_digit(text.back()) &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_subdomain_name(std::string_view text) {
  return !text.empty() && text.size() <= name_length_max && is_lower_or_digit(text.front()) &&
         is_lower_or_digit(text.back()) && std::ranges::all_of(text, [](char c) {
           return is_lower_or_digit(c) || c == '-' || c == '.';
         });
}

bool is_kind_name(std::string_view text) {
  return !text.empty() && text.size() <= label_length_max &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_api_name(std::string_view text) {
  return !text.empty() && text.size() <= name_length_max && text != "." && text != ".." &&
         std::ranges::all_of(text,
                             [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; });
}

std::optional<std::string> fault_of_name(std::string_view text) {
  if (text.empty()) return "metadata.name is empty";
  if (text.size() > name_length_max) {
    return fmt::format("metadata.name has {} characters: at most {} are allowed", text.size(),
                       name_length_max);
  }
  if (text == "." || text == "..") return fmt::format("metadata.name may not be \"{}\"", text);
  if (std::ranges::any_of(text, is_control)) return "metadata.name holds a control character";
  if (holds_invisible(text)) return "metadata.name holds a character that can't be seen";
  if (text.find_first_of("/%") != std::string_view::npos) {
    return fmt::format("metadata.name \"{}\" may not hold \"/\" or \"%\"", text);
  }
  return std::nullopt;
}

bool is_well_formed(const ResourceId& id) {
  return (id.group.empty() || is_api_name(id.group)) && is_kind_name(id.kind) &&
         (id.namespace_name.empty() || is_namespace_name(id.namespace_name)) &&
         !fault_of_name(id.name);
}

}  // namespace primocane
