// SPDX-License-Identifier: Apache-2.0
#include "flux/variable_expansion.hpp"

#include "document/letters.hpp"
#include "document/plain_text.hpp"
#include "document/regular_expression.hpp"
#include "document/utf8.hpp"
#include "flux/variable_function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t expression_depth_max = 50;
constexpr std::size_t shown_name_max = 100;

enum class Escapes : std::uint8_t { none, all };

std::unexpected<Error> bad_expression(std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}; \"$${{\" stands for \"${{\" itself", what));
}

// Reads and replaces in one go, in the order of the text (parse/parse.go, parse/scan.go,
// template.go).
class VariableExpander {
 public:
  VariableExpander(std::string_view text, const Variables& variables, ByteCount size_max)
      : text_(text), variables_(variables), size_max_(size_max) {}

  Result<std::string> run();

 private:
  Result<std::string> expression();
  Result<std::string> length_of_variable();
  Result<void> read_operator(std::string_view variable, std::string& name,
                             std::vector<std::string>& arguments);
  Result<void> read_default(std::string& name, std::vector<std::string>& arguments);
  Result<void> read_part(std::string_view variable, std::string& name,
                         std::vector<std::string>& arguments);
  Result<void> read_replacement(std::string& name, std::vector<std::string>& arguments);
  Result<std::string> parameter(std::string_view stops, Escapes escapes);
  Result<std::string_view> variable_name();
  Result<std::string> value_of(std::string_view variable, std::string_view name,
                               const std::vector<std::string>& arguments);
  Result<void> close();
  [[nodiscard]] std::string take_all(std::string_view letters, std::size_t most);

  [[nodiscard]] bool is_at_end() const { return at_ >= text_.size() || text_[at_] == '\0'; }
  [[nodiscard]] char next() const { return is_at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] bool is_at(std::string_view word) const {
    return text_.substr(at_).starts_with(word);
  }

  std::string_view text_;
  const Variables& variables_;
  ByteCount size_max_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
};

Result<std::string> VariableExpander::run() {
  std::string result;
  while (!is_at_end()) {
    if (is_at("${")) {
      at_ += 2;
      result += TRY(expression());
    } else {
      if (is_at("$$")) ++at_;
      const std::size_t end =
          std::min(text_.find_first_of(std::string_view("$\0", 2), at_ + 1), text_.size());
      result += text_.substr(at_, end - at_);
      at_ = end;
    }
    if (result.size() > size_max_.count()) {
      return fail(ErrorKind::invalid,
                  fmt::format("the text becomes larger than {}", to_string(size_max_)));
    }
  }
  return result;
}

// What follows "${".
Result<std::string> VariableExpander::expression() {
  if (nesting_ >= expression_depth_max) {
    return fail(ErrorKind::invalid,
                fmt::format("more than {} expressions within each other", expression_depth_max));
  }
  ++nesting_;
  if (next() == '#') {
    std::string length = TRY(length_of_variable());
    --nesting_;
    return length;
  }
  const std::string_view variable = TRY(variable_name());
  std::string name;
  std::vector<std::string> arguments;
  TRY(read_operator(variable, name, arguments));
  TRY(close());
  --nesting_;
  return value_of(variable, name, arguments);
}

Result<std::string> VariableExpander::length_of_variable() {
  ++at_;
  const std::string_view variable = TRY(variable_name());
  TRY(close());
  return value_of(variable, "#", {});
}

// Leaves the place before "}".
Result<void> VariableExpander::read_operator(std::string_view variable, std::string& name,
                                             std::vector<std::string>& arguments) {
  switch (next()) {
    case ':':
      return read_part(variable, name, arguments);
    case '=':
      return read_default(name, arguments);
    case ',':
    case '^':
      name = take_all(",^", 2);
      return {};
    case '/':
      return read_replacement(name, arguments);
    case '#':
    case '%':
      name = take_all(std::string_view(&text_[at_], 1), 2);
      arguments.push_back(TRY(parameter("}", Escapes::none)));
      return {};
    default:
      return {};
  }
}

// ":=", ":-", ":?", ":+" and "=", with any number of parts: texts and expressions.
Result<void> VariableExpander::read_default(std::string& name,
                                            std::vector<std::string>& arguments) {
  name = text_.substr(at_, next() == '=' ? 1 : 2);
  at_ += name.size();
  std::size_t size = 0;
  while (next() != '}') {
    arguments.push_back(TRY(parameter("}", Escapes::none)));
    size += arguments.back().size();
    if (size > size_max_.count()) {
      return fail(ErrorKind::invalid,
                  fmt::format("a default is larger than {}", to_string(size_max_)));
    }
  }
  return {};
}

// A default, or ":position" and ":position:length".
Result<void> VariableExpander::read_part(std::string_view variable, std::string& name,
                                         std::vector<std::string>& arguments) {
  const std::string_view rest = text_.substr(at_ + 1);
  if (!rest.empty() && std::string_view("=-?+").contains(rest.front())) {
    return read_default(name, arguments);
  }
  // Go's program steps back by as much as this letter is long.
  if (utf8_character(rest) > 1) {
    return bad_expression(fmt::format("no number follows \"${{{}:\"", variable));
  }
  name = ":";
  ++at_;
  arguments.push_back(TRY(parameter(":}", Escapes::none)));
  if (next() == '}') return {};
  if (take_all(":", text_.size()).empty()) {
    return bad_expression(fmt::format("\"}}\" is missing behind \"${{{}:\"", variable));
  }
  arguments.push_back(TRY(parameter("}", Escapes::none)));
  return {};
}

// "/old/new", "//old/new", "/#old/new", "/%old/new".
Result<void> VariableExpander::read_replacement(std::string& name,
                                                std::vector<std::string>& arguments) {
  name = take_all("/", 1);
  name += take_all("/#%", 1);
  arguments.push_back(TRY(parameter("/", Escapes::all)));
  if (take_all("/", text_.size()).empty()) {
    return bad_expression("a replacement has no second \"/\"");
  }
  if (next() != '}') arguments.push_back(TRY(parameter("}", Escapes::all)));
  return {};
}

// A text up to one of `stops` or to an expression, or an expression.
Result<std::string> VariableExpander::parameter(std::string_view stops, Escapes escapes) {
  if (is_at("${")) {
    at_ += 2;
    return expression();
  }
  const auto is_escaped = [&] {
    return escapes == Escapes::all && (is_at("$$") || is_at("\\/") || is_at("\\\\"));
  };
  std::string result;
  while (!is_at_end() && !is_at("${")) {
    if (is_escaped()) {
      ++at_;
    } else if (stops.contains(next())) {
      break;
    }
    result += text_[at_++];
  }
  if (result.empty()) return bad_expression("an expression ends where its operator begins");
  return result;
}

Result<std::string_view> VariableExpander::variable_name() {
  const std::size_t begin = at_;
  std::size_t end = begin;
  while (end < text_.size() && (is_letter_or_digit(text_[end]) || text_[end] == '_')) ++end;
  // Letters of other scripts are rare: only then the expression is compiled.
  if (utf8_character(text_.substr(end)) > 1) {
    const RegularExpression letter = TRY(RegularExpression::compile("^[\\pL\\p{Nd}_]"));
    while (end < text_.size() &&
           letter.is_found_in(text_.substr(end, utf8_character(text_.substr(end))))) {
      end += utf8_character(text_.substr(end));
    }
  }
  if (end == begin) return bad_expression("no name of a variable follows \"${\"");
  at_ = end;
  return text_.substr(begin, end - begin);
}

Result<std::string> VariableExpander::value_of(std::string_view variable, std::string_view name,
                                               const std::vector<std::string>& arguments) {
  const auto found = variables_.find(variable);
  if (found == variables_.end() && !is_default_function(name)) {
    const std::string shown = plain_line(variable.substr(0, shown_name_max));
    return fail(ErrorKind::invalid,
                fmt::format("the variable \"{0}\" is not set: give it a value or a default "
                            "(\"${{{0}:=default}}\"), or write \"$${{{0}}}\" where none is meant",
                            shown));
  }
  return apply_variable_function(
      name, found == variables_.end() ? std::string_view() : std::string_view(found->second),
      arguments, size_max_);
}

Result<void> VariableExpander::close() {
  if (next() != '}') return bad_expression("\"}\" is missing behind an expression");
  ++at_;
  return {};
}

std::string VariableExpander::take_all(std::string_view letters, std::size_t most) {
  std::string taken;
  while (!is_at_end() && taken.size() < most && letters.contains(text_[at_])) {
    taken += text_[at_++];
  }
  return taken;
}

}  // namespace

Result<std::string> expand_variables(std::string_view text, const Variables& variables,
                                     ByteCount size_max) {
  return VariableExpander(text, variables, size_max).run();
}

}  // namespace primocane
