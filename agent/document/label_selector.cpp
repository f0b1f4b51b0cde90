// SPDX-License-Identifier: Apache-2.0
#include "document/label_selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t label_length_max = 63;
constexpr std::size_t label_prefix_max = 253;
constexpr std::size_t shown_selector_max = 200;

// Nothing at the end of the text; else a symbol, or a word.
using Token = std::string_view;

bool is_selector_space(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

bool is_selector_symbol(char letter) {
  return std::string_view("=!(),><").find(letter) != std::string_view::npos;
}

bool is_word(Token token) { return !token.empty() && !is_selector_symbol(token.front()); }

Token first_token(std::string_view text) {
  if (text.starts_with("==") || text.starts_with("!=")) return text.substr(0, 2);
  if (is_selector_symbol(text.front())) return text.substr(0, 1);
  const auto* const end = std::ranges::find_if(text, [](char letter) {
    return letter == '\0' || is_selector_symbol(letter) || is_selector_space(letter);
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  while (true) {
    text.remove_prefix(
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_selector_space) - text.begin()));
    if (text.empty() || text.front() == '\0') return tokens;
    tokens.push_back(first_token(text));
    text.remove_prefix(tokens.back().size());
    // Go's lexer steps over a NUL behind a token; anywhere else it is the end.
    if (text.starts_with('\0')) text.remove_prefix(1);
  }
}

bool is_alphanumeric(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9');
}

// What the name of a label, or its value, may be.
bool is_label_word(std::string_view text) {
  return !text.empty() && text.size() <= label_length_max && is_alphanumeric(text.front()) &&
         is_alphanumeric(text.back()) && std::ranges::all_of(text, [](char letter) {
           return is_alphanumeric(letter) || letter == '-' || letter == '_' || letter == '.';
         });
}

// A DNS subdomain (apimachinery, IsDNS1123Subdomain).
bool is_label_prefix(std::string_view text) {
  if (text.empty() || text.size() > label_prefix_max) return false;
  char before = '.';
  for (const char letter : text) {
    const bool is_edge = before == '.' || letter == '.';
    const bool is_small = is_alphanumeric(letter) && (letter < 'A' || letter > 'Z');
    if (!is_small && letter != '-' && letter != '.') return false;
    if (is_edge && (before == '-' || letter == '-' || (before == '.' && letter == '.'))) {
      return false;
    }
    before = letter;
  }
  return before != '-' && before != '.';
}

bool is_label_key(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return is_label_word(text);
  return is_label_prefix(text.substr(0, slash)) && is_label_word(text.substr(slash + 1));
}

// strconv.ParseInt
std::optional<std::int64_t> decimal_integer(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::unexpected<Error> unexpected_token(Token found, std::string_view expected) {
  return fail(
      ErrorKind::invalid,
      fmt::format("found {}, expected {}",
                  found.empty() ? std::string("its end")
                                : fmt::format("\"{}\"", found.substr(0, shown_selector_max)),
                  expected));
}

// Recursive descent as in labels.Parse, whose leniencies it keeps: "a in (,)" holds "".
class LabelSelectorParser {
 public:
  explicit LabelSelectorParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Result<LabelSelector> parse() {
    LabelSelector selector;
    if (next().empty()) return selector;
    while (true) {
      if (!is_word(next()) && next() != "!") {
        return unexpected_token(next(), "\"!\" or a key");
      }
      selector.requirements.push_back(TRY(requirement()));
      const Token token = take();
      if (token.empty()) return selector;
      if (token != ",") return unexpected_token(token, "\",\" or the end");
    }
  }

 private:
  [[nodiscard]] Token next() const {
    return position_ < tokens_.size() ? tokens_[position_] : Token();
  }

  Token take() {
    const Token token = next();
    ++position_;
    return token;
  }

  Result<LabelRequirement> requirement() {
    LabelRequirement result;
    Token key = take();
    const bool is_negated = key == "!";
    if (is_negated) key = take();
    if (!is_word(key)) return unexpected_token(key, "a key");
    result.key = key;
    if (!is_label_key(key)) {
      return fail(ErrorKind::invalid,
                  fmt::format("\"{}\" is no key of a label", key.substr(0, shown_selector_max)));
    }
    if (is_negated) {
      result.operation = LabelOperator::missing;
    } else if (!next().empty() && next() != ",") {
      TRY(read_operation(result));
      TRY(check_values(result));
    }
    return result;
  }

  Result<void> read_operation(LabelRequirement& result) {
    const Token token = take();
    const bool is_set = token == "in" || token == "notin";
    if (token == "in" || token == "=" || token == "==") {
      result.operation = LabelOperator::in;
    } else if (token == "notin" || token == "!=") {
      result.operation = LabelOperator::not_in;
    } else if (token == ">") {
      result.operation = LabelOperator::greater;
    } else if (token == "<") {
      result.operation = LabelOperator::less;
    } else {
      return unexpected_token(token, "\"=\", \"==\", \"!=\", \"in\", \"notin\", \">\" or \"<\"");
    }
    if (is_set) return read_set(result.values);
    if (next().empty() || next() == ",") {
      result.values.emplace_back();
      return {};
    }
    const Token value = take();
    if (!is_word(value)) return unexpected_token(value, "a value");
    result.values.emplace_back(value);
    return {};
  }

  Result<void> read_set(std::vector<std::string>& values) {
    if (const Token token = take(); token != "(") return unexpected_token(token, "\"(\"");
    if (next() == ")") {
      values.emplace_back();
      ++position_;
      return {};
    }
    TRY(read_values(values));
    ++position_;  // the ")" that they end with
    return {};
  }

  Result<void> read_values(std::vector<std::string>& values) {
    while (true) {
      const Token token = take();
      if (is_word(token)) {
        values.emplace_back(token);
        if (next() == ")") return {};
        if (next() != ",") return unexpected_token(next(), "\",\" or \")\"");
      } else if (token == ",") {
        if (values.empty()) values.emplace_back();
        if (next() == ")") {
          values.emplace_back();
          return {};
        }
        if (next() == ",") {
          ++position_;
          values.emplace_back();
        }
      } else {
        return unexpected_token(token, "\",\" or a value");
      }
    }
  }

  static Result<void> check_values(const LabelRequirement& requirement) {
    const bool is_number = requirement.operation == LabelOperator::greater ||
                           requirement.operation == LabelOperator::less;
    for (const std::string& value : requirement.values) {
      if (is_number && !decimal_integer(value)) {
        return fail(ErrorKind::invalid, "\">\" and \"<\" need an integer");
      }
      if (!value.empty() && !is_label_word(value)) {
        return fail(ErrorKind::invalid, fmt::format("\"{}\" is no value of a label",
                                                    value.substr(0, shown_selector_max)));
      }
    }
    return {};
  }

  std::vector<Token> tokens_;
  std::size_t position_ = 0;
};

// A label as text; what is written without value counts as "".
std::string label_text(const Value& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const Number* number = value.as_number()) return number->text;
  if (const bool* boolean = value.as_bool()) return *boolean ? "true" : "false";
  return {};
}

bool is_met(const LabelRequirement& requirement, const Value* value) {
  const auto is_listed = [&] {
    return std::ranges::find(requirement.values, label_text(*value)) != requirement.values.end();
  };
  switch (requirement.operation) {
    case LabelOperator::exists:
      return value != nullptr;
    case LabelOperator::missing:
      return value == nullptr;
    case LabelOperator::in:
      return value != nullptr && is_listed();
    case LabelOperator::not_in:
      return value == nullptr || !is_listed();
    case LabelOperator::greater:
    case LabelOperator::less:
      break;
  }
  const auto number = value == nullptr ? std::nullopt : decimal_integer(label_text(*value));
  const auto bound = decimal_integer(requirement.values.front());
  if (!number || !bound) return false;
  return requirement.operation == LabelOperator::greater ? *number > *bound : *number < *bound;
}

}  // namespace

Result<LabelSelector> parse_label_selector(std::string_view text) {
  auto selector = LabelSelectorParser(tokens_of(text)).parse();
  if (selector) return selector;
  return std::unexpected(
      with_context(fmt::format("the selector \"{}\"", text.substr(0, shown_selector_max)),
                   std::move(selector).error()));
}

bool matches_labels(const LabelSelector& selector, const Value* labels) {
  return std::ranges::all_of(selector.requirements, [&](const LabelRequirement& requirement) {
    return is_met(requirement, labels == nullptr ? nullptr : labels->find(requirement.key));
  });
}

}  // namespace primocane
