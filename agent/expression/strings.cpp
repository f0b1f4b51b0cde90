// SPDX-License-Identifier: Apache-2.0
#include "expression/strings.hpp"

#include "base/base64.hpp"
#include "base/letter_case.hpp"
#include "document/utf8.hpp"
#include "expression/arithmetic.hpp"
#include "expression/character_search.hpp"
#include "expression/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// What building a regular expression costs, beside looking at its text.
constexpr std::size_t pattern_steps = 500;

Result<CelValue> matches_pattern(std::span<const CelValue> arguments,
                                 const std::optional<RegularExpression>& pattern, Budget& budget) {
  budget.look_at(arguments[0].view().size());
  if (pattern) return CelValue(pattern->is_found_in(arguments[0].view()));
  if (!budget.take(pattern_steps + arguments[1].view().size())) return CelValue();
  const auto compiled = TRY(RegularExpression::compile(arguments[1].view()));
  return CelValue(compiled.is_found_in(arguments[0].view()));
}

CelValue in_case(std::string_view text, Function function) {
  std::string result(text);
  if (function == Function::lower_ascii) return CelValue::text(in_lower_case(std::move(result)));
  for (char& letter : result) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return CelValue::text(std::move(result));
}

CelValue backwards(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
    result += text.substr(begin, end - begin);
    end = begin;
  }
  return CelValue::text(std::move(result));
}

CelValue quoted(std::string_view text) {
  constexpr std::string_view special = "\a\b\f\n\r\t\v\\\"";
  constexpr std::string_view names = "abfnrtv\\\"";
  std::string result = "\"";
  for (const char letter : text) {
    const std::size_t found = special.find(letter);
    if (found == std::string_view::npos) {
      result += letter;
    } else {
      result += '\\';
      result += names[found];
    }
  }
  return CelValue::text(result + "\"");
}

Result<CelValue> joined_items(std::span<const CelValue> arguments, Budget& budget) {
  const CelList& list = *arguments[0].as<CelList>();
  const std::string_view separator = arguments.size() == 2 ? arguments[1].view() : "";
  std::string result;
  for (std::size_t index = 0; index < list.size(); ++index) {
    const CelValue item = list.at(index);
    if (!item.is(CelKind::text)) return no_overload(Function::join, item);
    if (!budget.make(item.view().size() + separator.size())) return CelValue();
    if (index > 0) result += separator;
    result += item.view();
  }
  return CelValue::text(std::move(result));
}

// Without padding it is read as well (ext/encoders.go base64DecodeString).
Result<CelValue> decoded(std::string_view text) {
  if (auto bytes = from_base64(text)) return CelValue::bytes(std::move(*bytes));
  std::string padded(text);
  std::erase_if(padded, [](char letter) { return letter == '\n' || letter == '\r'; });
  if (padded.find('=') == std::string::npos) {
    padded.append((4 - padded.size() % 4) % 4, '=');
    if (auto bytes = from_base64(padded)) return CelValue::bytes(std::move(*bytes));
  }
  return fail(ErrorKind::invalid, "the string is no base64");
}

// Whether the arguments are of the kinds that one of the function's signatures has; what is in
// lists shows itself later.
bool fits(std::string_view signature, std::span<const CelValue> arguments) {
  for (const CelValue& argument : arguments) {
    if (signature.starts_with(':')) return false;
    const char letter = take_type(signature).front();
    const bool is_right = (letter == 's' && argument.is(CelKind::text)) ||
                          (letter == 'i' && argument.is(CelKind::integer)) ||
                          (letter == 'y' && argument.is(CelKind::bytes)) ||
                          (letter == 'L' && argument.is(CelKind::list));
    if (!is_right) return false;
  }
  return signature.starts_with(':');
}

Result<CelValue> call_of_text(Function function, std::span<const CelValue> arguments,
                              Budget& budget) {
  const std::string_view text = arguments.front().view();
  if (function == Function::contains) {
    return CelValue(text.find(arguments[1].view()) != std::string_view::npos);
  }
  if (function == Function::ends_with) return CelValue(text.ends_with(arguments[1].view()));
  if (function == Function::starts_with) return CelValue(text.starts_with(arguments[1].view()));
  if (function == Function::lower_ascii || function == Function::upper_ascii) {
    return in_case(text, function);
  }
  if (function == Function::reverse) return backwards(text);
  if (function == Function::quote) return quoted(text);
  if (function == Function::base64_encode) return CelValue::text(to_base64(text));
  if (function == Function::base64_decode) return decoded(text);
  return search_characters(function, arguments, budget);
}

}  // namespace

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; }));
}

Result<CelValue> call_string_function(Function function, std::span<const CelValue> arguments,
                                      const std::optional<RegularExpression>& pattern,
                                      Budget& budget) {
  const bool is_known = std::ranges::any_of(
      overloads_of(function), [&](const Overload& row) { return fits(row.signature, arguments); });
  if (!is_known) {
    if (arguments.size() == 1) return no_overload(function, arguments[0]);
    return no_overload(function, arguments[0], arguments[1]);
  }
  if (function == Function::matches) return matches_pattern(arguments, pattern, budget);
  if (function == Function::join) return joined_items(arguments, budget);
  if (function == Function::format) {
    return formatted(arguments[0].view(), *arguments[1].as<CelList>(), budget);
  }
  // A search compares the text with what is searched for at each position, at worst.
  const std::size_t other = arguments.size() > 1 ? arguments[1].view().size() : 0;
  const std::size_t size = arguments[0].view().size();
  if (!budget.take(size / Budget::bytes_per_step * (1 + other / Budget::bytes_per_step)) ||
      !budget.make(2 * size)) {
    return CelValue();
  }
  return call_of_text(function, arguments, budget);
}

}  // namespace primocane
