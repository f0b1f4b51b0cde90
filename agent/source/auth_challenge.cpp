// SPDX-License-Identifier: Apache-2.0
#include "source/auth_challenge.hpp"

#include "base/letter_case.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t challenges_max = 8;
constexpr std::size_t parameters_max = 32;

void skip_any(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

std::string_view take_token(std::string_view& text) {
  // tchar, RFC 9110, 5.6.2.
  constexpr std::string_view tchar =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::size_t end = std::min(text.find_first_not_of(tchar), text.size());
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

// The rest of a quoted string, behind its first quote.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return std::nullopt;
}

// The value behind "=", quoted or not.
std::optional<std::string> take_value(std::string_view& text) {
  skip_any(text, " \t");
  if (text.starts_with('"')) {
    text.remove_prefix(1);
    return take_quoted(text);
  }
  return std::string(take_token(text));
}

}  // namespace

std::string AuthChallenge::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::vector<AuthChallenge> read_challenges(std::string_view header) {
  std::vector<AuthChallenge> challenges;
  std::size_t parameters = 0;
  while (true) {
    skip_any(header, ", \t");
    const std::string name = in_lower_case(std::string(take_token(header)));
    if (name.empty()) return challenges;
    skip_any(header, " \t");
    // A name with "=" is a parameter of the challenge before it.
    if (!header.starts_with('=')) {
      if (challenges.size() == challenges_max) return challenges;
      challenges.push_back({.scheme = name, .parameters = {}});
      continue;
    }
    header.remove_prefix(1);
    std::optional<std::string> value = take_value(header);
    if (challenges.empty() || !value || ++parameters > parameters_max) return challenges;
    challenges.back().parameters.try_emplace(name, std::move(*value));
  }
}

}  // namespace primocane
