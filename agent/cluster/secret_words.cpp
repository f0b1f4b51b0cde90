// SPDX-License-Identifier: Apache-2.0
#include "cluster/secret_words.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"
#include "document/value.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view masked = "***";
// Shorter ones occur in ordinary words; where the server repeats one it quotes it.
constexpr std::size_t shortest_value = 3;

void collect_values(const Value& value, std::vector<std::string>& values) {
  if (const std::string* text = value.as_string()) {
    values.push_back(*text);
    if (const auto decoded = from_base64(*text)) values.push_back(*decoded);
  } else if (const Number* number = value.as_number()) {
    values.push_back(number->text);
  } else if (const Array* items = value.as_array()) {
    for (const Value& item : *items) collect_values(item, values);
  } else if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) collect_values(member, values);
  }
}

std::vector<std::string> values_of(std::string_view secret) {
  std::vector<std::string> values;
  const auto object = read_json(secret, "secret");
  if (!object) return values;
  for (const std::string_view field : {"data", "stringData"}) {
    if (const Value* found = object->find(field)) collect_values(*found, values);
  }
  std::erase_if(values, [](const std::string& value) { return value.size() < shortest_value; });
  // The longest first: one value may be part of another.
  std::ranges::sort(values, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return values;
}

void replace_all(std::string& words, std::string_view what) {
  for (std::size_t at = 0; (at = words.find(what, at)) != std::string::npos;) {
    words.replace(at, what.size(), masked);
    at += masked.size();
  }
}

// Masks the quoted string that begins at `begin`, with Go's escapes. Returns where it ends.
std::size_t mask_quoted(std::string& words, std::size_t begin) {
  const char quote = words[begin];
  std::size_t end = begin + 1;
  while (end < words.size() && words[end] != quote) end += words[end] == '\\' ? 2U : 1U;
  end = std::min(end, words.size());
  words.replace(begin + 1, end - begin - 1, masked);
  return begin + 1 + masked.size();
}

// field.Error of k8s.io/apimachinery writes "<what>: <value>: <details>"; the value is quoted, or
// Go's or JSON's text of something that is no string, whose end cannot be told.
void mask_after(std::string& words, std::string_view prefix) {
  for (std::size_t at = 0; (at = words.find(prefix, at)) != std::string::npos;) {
    at += prefix.size();
    if (at >= words.size()) return;
    if (words[at] == '"' || words[at] == '`') {
      at = mask_quoted(words, at);
    } else {
      words.replace(at, std::string::npos, masked);
      return;
    }
  }
}

}  // namespace

std::string without_secret_values(std::string words, std::string_view secret) {
  constexpr std::array<std::string_view, 6> before_values = {
      "Invalid value: ", "Unsupported value: ", "Duplicate value: ", "Not found: ",
      ", got ",          "Too long: "};
  for (const std::string_view prefix : before_values) mask_after(words, prefix);
  for (const std::string& value : values_of(secret)) replace_all(words, value);
  return words;
}

}  // namespace primocane
