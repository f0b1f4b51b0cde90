// SPDX-License-Identifier: Apache-2.0
#include "expression/character_search.hpp"

#include "document/utf8.hpp"
#include "expression/strings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::int64_t not_found = -1;

std::unexpected<Error> outside(std::int64_t index) {
  return fail(ErrorKind::invalid, fmt::format("the string has no character {}", index));
}

std::size_t first_length(std::string_view text) {
  return std::max(utf8_character(text), std::size_t{1});
}

// The byte at which the character begins; the end for the one behind the last.
std::optional<std::size_t> byte_of(std::string_view text, std::int64_t character) {
  if (character < 0) return std::nullopt;
  std::size_t byte = 0;
  for (; character > 0; --character) {
    if (byte >= text.size()) return std::nullopt;
    byte += first_length(text.substr(byte));
  }
  return byte;
}

std::int64_t characters_in(std::string_view text) {
  return static_cast<std::int64_t>(character_count(text));
}

std::int64_t number_at(std::span<const CelValue> arguments, std::size_t index) {
  return *arguments[index].as<std::int64_t>();
}

CelValue part(const CelValue& text, std::size_t from, std::size_t to) {
  CelText result = *text.as<CelText>();
  result.view = result.view.substr(from, to - from);
  return result;
}

Result<CelValue> char_at(std::span<const CelValue> arguments) {
  const std::string_view text = arguments[0].view();
  const auto byte = byte_of(text, number_at(arguments, 1));
  if (!byte) return outside(number_at(arguments, 1));
  if (*byte == text.size()) return CelValue::text("");
  return part(arguments[0], *byte, *byte + first_length(text.substr(*byte)));
}

Result<CelValue> substring(std::span<const CelValue> arguments) {
  const std::string_view text = arguments[0].view();
  const std::int64_t from = number_at(arguments, 1);
  const std::int64_t to = arguments.size() == 3 ? number_at(arguments, 2) : characters_in(text);
  const auto first = byte_of(text, from);
  const auto end = byte_of(text, to);
  if (!first) return outside(from);
  if (!end) return outside(to);
  if (*first > *end) {
    return fail(ErrorKind::invalid,
                fmt::format("a substring ends at {} before its start at {}", to, from));
  }
  return part(arguments[0], *first, *end);
}

Result<CelValue> index_of(std::span<const CelValue> arguments) {
  const std::string_view text = arguments[0].view();
  const std::string_view searched = arguments[1].view();
  const std::int64_t from = arguments.size() == 3 ? number_at(arguments, 2) : 0;
  if (searched.empty()) return CelValue(from);
  if (from < 0) return outside(from);
  const auto start = byte_of(text, from);
  if (!start) return CelValue(not_found);
  const std::size_t found = text.find(searched, *start);
  if (found == std::string_view::npos) return CelValue(not_found);
  return CelValue(characters_in(text.substr(0, found)));
}

Result<CelValue> last_index_of(std::span<const CelValue> arguments) {
  const std::string_view text = arguments[0].view();
  const std::string_view searched = arguments[1].view();
  std::size_t start = text.size();
  if (arguments.size() == 3) {
    const std::int64_t from = number_at(arguments, 2);
    if (searched.empty()) return CelValue(from);
    if (from < 0) return outside(from);
    const auto byte = byte_of(text, from);
    if (!byte || *byte == text.size()) return CelValue(not_found);
    start = *byte;
  } else if (searched.empty()) {
    return CelValue(characters_in(text));
  }
  const std::size_t found = text.rfind(searched, start);
  if (found == std::string_view::npos) return CelValue(not_found);
  return CelValue(characters_in(text.substr(0, found)));
}

// How often at most; a negative number is no bound.
std::size_t times_at(std::span<const CelValue> arguments, std::size_t index) {
  if (arguments.size() <= index || number_at(arguments, index) < 0) {
    return std::numeric_limits<std::size_t>::max();
  }
  return static_cast<std::size_t>(number_at(arguments, index));
}

// strings.Replace: an empty text is found before each character and at the end.
Result<CelValue> replace(std::span<const CelValue> arguments, Budget& budget) {
  const std::string_view text = arguments[0].view();
  const std::string_view old = arguments[1].view();
  const std::string_view replacement = arguments[2].view();
  std::size_t times = times_at(arguments, 3);
  std::string result;
  std::size_t index = 0;
  for (; times > 0; --times) {
    const std::size_t found = text.find(old, index);
    if (found == std::string_view::npos) break;
    const std::size_t step =
        old.empty() && found < text.size() ? first_length(text.substr(found)) : old.size();
    if (!budget.make(found - index + replacement.size() + step)) return CelValue();
    result.append(text.substr(index, found - index)).append(replacement);
    if (old.empty()) result += text.substr(found, step);
    index = found + step;
    if (old.empty() && found == text.size()) break;
  }
  if (index < text.size()) result += text.substr(index);
  return CelValue::text(std::move(result));
}

// strings.SplitN: between all characters where the separator is empty.
Result<CelValue> split(std::span<const CelValue> arguments, Budget& budget) {
  const std::string_view text = arguments[0].view();
  const std::string_view separator = arguments[1].view();
  const std::size_t parts_max = times_at(arguments, 2);
  std::vector<CelValue> parts;
  if (parts_max == 0 || (separator.empty() && text.empty())) return CelValue::list({});
  std::size_t index = 0;
  while (parts.size() + 1 < parts_max) {
    const std::size_t found =
        separator.empty() ? index + first_length(text.substr(index)) : text.find(separator, index);
    if (found == std::string_view::npos || (separator.empty() && found >= text.size())) break;
    if (!budget.make(sizeof(CelValue))) return CelValue();
    parts.push_back(part(arguments[0], index, found));
    index = found + separator.size();
  }
  parts.push_back(part(arguments[0], index, text.size()));
  return CelValue::list(std::move(parts));
}

// The length of the white space (unicode.IsSpace) that `text` begins with, 0 if it is none.
std::size_t space_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) return 1;
  for (const std::string_view space :
       {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
        "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f",
        "\u3000"}) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

CelValue trimmed_text(const CelValue& value) {
  const std::string_view text = value.view();
  std::size_t from = 0;
  while (const std::size_t length = space_length(text.substr(from))) from += length;
  std::size_t to = from;
  for (std::size_t index = from; index < text.size();) {
    const std::size_t space = space_length(text.substr(index));
    index += space > 0 ? space : first_length(text.substr(index));
    if (space == 0) to = index;
  }
  return part(value, from, to);
}

}  // namespace

Result<CelValue> search_characters(Function function, std::span<const CelValue> arguments,
                                   Budget& budget) {
  if (function == Function::char_at) return char_at(arguments);
  if (function == Function::index_of) return index_of(arguments);
  if (function == Function::last_index_of) return last_index_of(arguments);
  if (function == Function::replace) return replace(arguments, budget);
  if (function == Function::split) return split(arguments, budget);
  if (function == Function::substring) return substring(arguments);
  return trimmed_text(arguments[0]);
}

}  // namespace primocane
