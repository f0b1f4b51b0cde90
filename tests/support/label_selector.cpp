// SPDX-License-Identifier: Apache-2.0
#include "support/label_selector.hpp"

#include <string>

namespace primocane {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Takes the text before the first comma outside parentheses off `rest`.
std::string_view take_requirement(std::string_view& rest) {
  int depth = 0;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '(') ++depth;
    if (rest[end] == ')') --depth;
    if (rest[end] == ',' && depth == 0) break;
  }
  const std::string_view requirement = rest.substr(0, end);
  rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
  return trimmed(requirement);
}

bool is_listed(std::string_view value, std::string_view list) {
  list = list.substr(list.find('(') + 1);
  list = list.substr(0, list.find(')'));
  while (!list.empty()) {
    if (take_requirement(list) == value) return true;
  }
  return false;
}

bool satisfies(const Value& object, std::string_view requirement) {
  const auto label = [&](std::string_view key) {
    return object.find("metadata", "labels", trimmed(key));
  };
  const auto value_of = [&](std::string_view key) {
    return object.text_at("metadata", "labels", trimmed(key));
  };
  if (requirement.starts_with('!')) return label(requirement.substr(1)) == nullptr;
  if (const auto at = requirement.find(" notin "); at != std::string_view::npos) {
    return !is_listed(value_of(requirement.substr(0, at)), requirement.substr(at));
  }
  if (const auto at = requirement.find(" in "); at != std::string_view::npos) {
    const std::string_view key = requirement.substr(0, at);
    return label(key) != nullptr && is_listed(value_of(key), requirement.substr(at));
  }
  const auto equals = requirement.find('=');
  if (equals == std::string_view::npos) return label(requirement) != nullptr;
  const std::string_view value = trimmed(requirement.substr(requirement.rfind('=') + 1));
  if (equals > 0 && requirement[equals - 1] == '!') {
    return value_of(requirement.substr(0, equals - 1)) != value;
  }
  const std::string_view key = requirement.substr(0, equals);
  return label(key) != nullptr && value_of(key) == value;
}

}  // namespace

bool matches_selector(const Value& object, std::string_view selector) {
  while (!selector.empty()) {
    if (!satisfies(object, take_requirement(selector))) return false;
  }
  return true;
}

}  // namespace primocane
