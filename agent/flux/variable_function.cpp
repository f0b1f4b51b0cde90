// SPDX-License-Identifier: Apache-2.0
#include "flux/variable_function.hpp"

#include "document/glob.hpp"
#include "document/letters.hpp"
#include "document/unicode_case.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace primocane {

namespace {

using Arguments = std::vector<std::string>;

// A pattern with stars is tried on every part of a value: some tenths of a second.
constexpr std::uint64_t glob_steps_max = 50'000'000;

// strconv.Atoi.
std::optional<std::int64_t> as_position(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Positions are those of bytes. As in bash, what is no number asks for nothing.
Result<std::string> part_of(std::string_view value, const Arguments& arguments) {
  const auto asked = as_position(arguments.front());
  if (!asked) return std::string(value);
  const auto size = static_cast<std::int64_t>(value.size());
  const std::int64_t position = *asked < 0 ? std::max(size + *asked, std::int64_t{0}) : *asked;
  std::int64_t length = std::numeric_limits<std::int64_t>::max();
  if (arguments.size() > 1) {
    const auto asked_length = as_position(arguments[1]);
    if (!asked_length) return std::string(value);
    length = *asked_length;
  }
  // Where Go's program stops as well.
  if (length < 0 && position + length < size) {
    return fail(ErrorKind::invalid, "the length of a part is negative");
  }
  if (position >= size) return std::string();
  return std::string(
      value.substr(static_cast<std::size_t>(position), static_cast<std::size_t>(length)));
}

// Where `old` begins in `text`; nothing begins before each character and behind the last.
std::vector<std::size_t> places_of(std::string_view old, std::string_view text, std::size_t most) {
  std::vector<std::size_t> places;
  std::size_t at = 0;
  while (places.size() < most) {
    if (!old.empty()) at = text.find(old, at);
    if (at > text.size()) break;
    places.push_back(at);
    at += old.empty() ? std::max(utf8_character(text.substr(at)), std::size_t{1}) : old.size();
  }
  return places;
}

Result<std::string> with_replaced(std::string_view value, const Arguments& arguments,
                                  std::size_t most, ByteCount size_max) {
  if (arguments.empty()) return std::string(value);
  const std::string& old = arguments[0];
  const std::string_view fresh = arguments.size() > 1 ? std::string_view(arguments[1]) : "";
  const std::vector<std::size_t> places = places_of(old, value, most);
  if (!fresh.empty() && places.size() > size_max.count() / fresh.size()) {
    return fail(ErrorKind::invalid,
                fmt::format("what a replacement makes is larger than {}", to_string(size_max)));
  }
  std::string result;
  std::size_t copied = 0;
  for (const std::size_t place : places) {
    result += value.substr(copied, place - copied);
    result += fresh;
    copied = place + old.size();
  }
  result += value.substr(copied);
  return result;
}

std::string with_end_replaced(std::string_view value, const Arguments& arguments) {
  if (arguments.size() != 2 || !value.ends_with(arguments[0])) return std::string(value);
  value.remove_suffix(arguments[0].size());
  return std::string(value) + arguments[1];
}

enum class TrimLength : std::uint8_t { shortest, longest };

// The part of `value` behind what `pattern` matches at its beginning. A broken pattern matches
// nothing.
Result<std::string> without_front(std::string_view value, std::string_view pattern,
                                  TrimLength length) {
  std::uint64_t steps_left = glob_steps_max;
  std::size_t matched = 0;
  for (std::size_t tried = value.size(); tried > 0; --tried) {
    switch (match_glob(pattern, value.substr(0, tried), steps_left)) {
      case GlobMatch::no:
        break;
      case GlobMatch::yes:
        matched = tried;
        break;
      case GlobMatch::bad_pattern:
        return std::string(value);
      case GlobMatch::given_up:
        return fail(ErrorKind::invalid, "a pattern takes too long on so long a value");
    }
    if (matched != 0 && length == TrimLength::longest) break;
  }
  return std::string(value.substr(matched));
}

// By characters; a byte that is no UTF-8 becomes U+FFFD.
std::string reversed(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && text.size() - begin < 4 &&
           utf8_character(text.substr(begin)) != text.size() - begin) {
      --begin;
    }
    const bool is_character = utf8_character(text.substr(begin)) == text.size() - begin;
    if (!is_character) begin = text.size() - 1;
    result += is_character ? text.substr(begin) : "\xEF\xBF\xBD";
    text.remove_suffix(text.size() - begin);
  }
  return result;
}

Result<std::string> trimmed_front(std::string_view value, const Arguments& arguments,
                                  TrimLength length) {
  if (arguments.empty()) return std::string(value);
  return without_front(value, arguments.front(), length);
}

Result<std::string> trimmed_back(std::string_view value, const Arguments& arguments,
                                 TrimLength length) {
  if (arguments.empty()) return std::string(value);
  return reversed(TRY(without_front(reversed(value), reversed(arguments.front()), length)));
}

std::string or_default(std::string_view value, const Arguments& arguments) {
  if (!value.empty()) return std::string(value);
  std::string text;
  for (const std::string& argument : arguments) text += argument;
  return text;
}

}  // namespace

bool is_default_function(std::string_view name) {
  constexpr std::array<std::string_view, 8> names{"-", "+", "=", "?", ":-", ":+", ":=", ":?"};
  return std::ranges::find(names, name) != names.end();
}

// template.go, lookupFunc.
Result<std::string> apply_variable_function(std::string_view name, std::string_view value,
                                            const std::vector<std::string>& arguments,
                                            ByteCount size_max) {
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  if (name == ",") return first_in_case(value, LetterCase::lower);
  if (name == ",,") return in_case(value, LetterCase::lower);
  if (name == "^") return first_in_case(value, LetterCase::upper);
  if (name == "^^") return in_case(value, LetterCase::upper);
  if (name == "#" && arguments.empty()) return fmt::to_string(value.size());
  if (name == "#") return trimmed_front(value, arguments, TrimLength::shortest);
  if (name == "##") return trimmed_front(value, arguments, TrimLength::longest);
  if (name == "%") return trimmed_back(value, arguments, TrimLength::shortest);
  if (name == "%%") return trimmed_back(value, arguments, TrimLength::longest);
  if (name == ":") return part_of(value, arguments);
  if (name == "/#") {
    const bool is_there = arguments.size() == 2 && value.starts_with(arguments[0]);
    return is_there ? with_replaced(value, arguments, 1, size_max) : std::string(value);
  }
  if (name == "/%") return with_end_replaced(value, arguments);
  if (name == "/") return with_replaced(value, arguments, 1, size_max);
  if (name == "//") return with_replaced(value, arguments, all, size_max);
  return or_default(value, arguments);
}

}  // namespace primocane
