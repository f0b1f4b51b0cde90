// SPDX-License-Identifier: Apache-2.0
#include "cluster/secret_words.hpp"

#include "base/base64.hpp"
#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "cluster/escaped_text.hpp"
#include "document/json.hpp"
#include "document/value.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view instead_of_value = "***";
constexpr std::string_view withheld = "(withheld: too long to look for the Secret's values in it)";

// Shorter ones occur in ordinary words; where the server repeats one it quotes it.
constexpr std::size_t shortest_value = 3;
// Lines of configuration are words more often than values are.
constexpr std::size_t shortest_line = 8;

// A webhook that repeats a whole Secret says nothing else that is worth showing.
constexpr std::size_t looked_through_max = 64UL * 1024;
// Values times bytes: a fraction of a second, and enough for a message about a bundle of all the
// certificates that a Secret can hold.
constexpr std::size_t work_max = 128UL * 1024 * 1024;

// As printed once by Go's %q, and that again as JSON in JSON.
constexpr int escapings_max = 2;

// A value may be repeated without the line end that its file had, and by the line.
void add_value(std::string_view value, std::vector<std::string>& values) {
  values.emplace_back(value);
  values.emplace_back(trimmed(value));
  while (!value.empty()) {
    const std::string_view line = trimmed(take_until(value, '\n'));
    if (line.size() >= shortest_line) values.emplace_back(line);
  }
}

void collect_values(const Value& value, std::vector<std::string>& values) {
  if (const std::string* text = value.as_string()) {
    add_value(*text, values);
    values.push_back(to_base64(*text));  // what becomes of stringData
    if (const auto decoded = from_base64(*text)) add_value(*decoded, values);
  } else if (const Number* number = value.as_number()) {
    values.push_back(number->text);
  } else if (const Array* items = value.as_array()) {
    for (const Value& item : *items) collect_values(item, values);
  } else if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) collect_values(member, values);
  }
}

// Of all of an object, but of what everybody knows of it.
void collect_values_of_object(const Value& object, std::vector<std::string>& values) {
  const Object* const members = object.as_object();
  if (members == nullptr) return;
  for (const auto& [key, member] : *members) {
    if (key != "apiVersion" && key != "kind" && key != "metadata") collect_values(member, values);
  }
  for (const std::string_view field : {"annotations", "labels"}) {
    if (const Value* found = object.find("metadata", field)) collect_values(*found, values);
  }
}

std::vector<std::string> values_of(std::string_view text, const ConfidentialFields& confidential) {
  std::vector<std::string> values;
  const auto object = read_json(text, "secret");
  if (!object) return values;
  for (const JsonPointer& field : confidential) {
    if (field.tokens().empty()) {
      collect_values_of_object(*object, values);
    } else if (const Value* found = field.find_in(*object)) {
      collect_values(*found, values);
    }
  }
  std::erase_if(values, [](const std::string& value) { return value.size() < shortest_value; });
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  return values;
}

void find_values(const EscapedText& words, const std::vector<std::string>& values,
                 std::vector<TextRange>& found) {
  const std::string& text = words.text();
  for (const std::string& value : values) {
    for (std::size_t at = 0; (at = text.find(value, at)) != std::string::npos; at += value.size()) {
      found.push_back(words.source({at, at + value.size()}));
    }
  }
}

// The inside of the string that is quoted at `begin`, with Go's escapes.
TextRange quoted_at(std::string_view words, std::size_t begin) {
  const char quote = words[begin];
  std::size_t end = begin + 1;
  while (end < words.size() && words[end] != quote) end += words[end] == '\\' ? 2U : 1U;
  return {begin + 1, std::min(end, words.size())};
}

// field.Error of k8s.io/apimachinery writes "<what>: <value>: <details>"; the value is quoted, or
// Go's or JSON's text of something that is no string, whose end cannot be told.
void find_after(std::string_view words, std::string_view prefix, std::vector<TextRange>& found) {
  for (std::size_t at = 0; (at = words.find(prefix, at)) != std::string_view::npos;) {
    at += prefix.size();
    if (at >= words.size()) return;
    const bool is_quoted = words[at] == '"' || words[at] == '`';
    found.push_back(is_quoted ? quoted_at(words, at) : TextRange{at, words.size()});
    at = found.back().end;
  }
}

std::string without(std::string_view words, std::vector<TextRange> ranges) {
  std::ranges::sort(ranges, {}, &TextRange::begin);
  std::string left;
  std::size_t at = 0;
  for (auto range = ranges.begin(); range != ranges.end();) {
    left.append(words.substr(at, range->begin - at)).append(instead_of_value);
    at = range->end;
    // Values may overlap, and be part of one another.
    for (++range; range != ranges.end() && range->begin <= at; ++range) {
      at = std::max(at, range->end);
    }
  }
  return left.append(words.substr(at));
}

}  // namespace

SecretWords::SecretWords(std::string_view object, const ConfidentialFields& confidential)
    : values_(values_of(object, confidential)), work_left_(work_max) {}

std::string SecretWords::masked(std::string_view words) {
  constexpr std::array<std::string_view, 6> before_values = {
      "Invalid value: ", "Unsupported value: ", "Duplicate value: ", "Not found: ",
      ", got ",          "Too long: "};
  if (words.size() > looked_through_max) return std::string(withheld);
  std::vector<TextRange> found;
  for (const std::string_view prefix : before_values) find_after(words, prefix, found);
  EscapedText text{std::string(words)};
  for (int escapings = 0;; ++escapings) {
    const std::size_t work = (values_.size() + before_values.size()) * text.text().size();
    if (work > work_left_) return std::string(withheld);
    work_left_ -= work;
    find_values(text, values_, found);
    if (escapings == escapings_max || !text.unescape()) return without(words, std::move(found));
  }
}

}  // namespace primocane
