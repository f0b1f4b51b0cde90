// SPDX-License-Identifier: Apache-2.0
#include "document/regular_expression.hpp"

#include "document/utf8.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::int64_t expression_memory_max = 1024 * 1024;
constexpr std::size_t shown_pattern_max = 200;

// The end of the character class that begins `pattern`, behind its "]". A "]" that comes first is
// a member of it.
std::size_t class_length(std::string_view pattern) {
  std::size_t index = pattern.starts_with("[^") ? 2 : 1;
  for (bool is_first = true; index < pattern.size(); is_first = false) {
    const std::string_view rest = pattern.substr(index);
    if (rest.starts_with('\\')) {
      index += 2;
    } else if (rest.starts_with("[:") && rest.find(":]") != std::string_view::npos) {
      index += rest.find(":]") + 2;
    } else {
      ++index;
      if (rest.starts_with(']') && !is_first) break;
    }
  }
  return std::min(index, pattern.size());
}

// Go's syntax in RE2's where they differ: Go has "(?<name>" and has no "\C" (any byte).
std::optional<std::string> in_syntax_of_re2(std::string_view pattern) {
  std::string translated;
  const auto take = [&](std::size_t length) {
    translated += pattern.substr(0, length);
    pattern.remove_prefix(std::min(length, pattern.size()));
  };
  while (!pattern.empty()) {
    if (pattern.starts_with("\\C")) return std::nullopt;
    if (pattern.starts_with("\\Q")) {
      const std::size_t end = pattern.find("\\E");
      take(end == std::string_view::npos ? pattern.size() : end + 2);
    } else if (pattern.starts_with('\\')) {
      take(2);
    } else if (pattern.starts_with('[')) {
      take(class_length(pattern));
    } else if (pattern.starts_with("(?<")) {
      translated += "(?P<";
      pattern.remove_prefix(3);
    } else {
      take(1);
    }
  }
  return translated;
}

std::unexpected<Error> no_expression(std::string_view pattern, std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is no regular expression: {}",
                                              pattern.substr(0, shown_pattern_max), why));
}

}  // namespace

RegularExpression::RegularExpression(std::shared_ptr<const re2::RE2> compiled)
    : compiled_(std::move(compiled)) {}

Result<RegularExpression> RegularExpression::compile(std::string_view pattern) {
  const std::optional<std::string> translated = in_syntax_of_re2(pattern);
  if (!translated) return no_expression(pattern, "invalid escape sequence: \\C");
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(expression_memory_max);
  options.set_never_capture(true);
  auto compiled = std::make_shared<const re2::RE2>(*translated, options);
  if (!compiled->ok()) return no_expression(pattern, compiled->error());
  return RegularExpression(std::move(compiled));
}

bool RegularExpression::is_found_in(std::string_view text) const {
  return compiled_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                          re2::RE2::UNANCHORED, nullptr, 0);
}

bool is_plain_pattern(std::string_view pattern) {
  return pattern.find_first_of("\\+*?()|[]{}^$") == std::string_view::npos;
}

std::optional<std::size_t> plain_match_length(std::string_view pattern, std::string_view text) {
  std::size_t length = 0;
  for (const char letter : pattern) {
    const std::string_view rest = text.substr(length);
    if (rest.empty() || (letter == '.' ? rest.front() == '\n' : rest.front() != letter)) {
      return std::nullopt;
    }
    length += letter == '.' ? std::max(utf8_character(rest), std::size_t{1}) : 1;
  }
  return length;
}

Result<TextPattern> TextPattern::make(std::string pattern) {
  TextPattern result;
  if (!is_plain_pattern(pattern)) {
    auto expression = RegularExpression::compile(fmt::format("^(?:{})$", pattern));
    if (!expression) {
      return std::unexpected(std::move(expression).error());
    }
    result.expression_ = std::move(*expression);
  }
  result.pattern_ = std::move(pattern);
  return result;
}

bool TextPattern::matches(std::string_view text) const {
  if (pattern_.empty()) return true;
  if (expression_) return expression_->is_found_in(text);
  return plain_match_length(pattern_, text) == text.size();
}

}  // namespace primocane
