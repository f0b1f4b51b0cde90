// SPDX-License-Identifier: Apache-2.0
#include "document/glob.hpp"

#include "document/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace primocane {

namespace {

// What stands between two stars.
struct GlobChunk {
  bool has_star = false;  // before it
  std::string_view text;
};

GlobChunk take_chunk(std::string_view& pattern) {
  GlobChunk chunk;
  while (pattern.starts_with('*')) {
    pattern.remove_prefix(1);
    chunk.has_star = true;
  }
  bool is_in_range = false;
  std::size_t end = 0;
  for (; end < pattern.size(); ++end) {
    const char letter = pattern[end];
    if (letter == '*' && !is_in_range) break;
    if (letter == '[') is_in_range = true;
    if (letter == ']') is_in_range = false;
    if (letter == '\\' && end + 1 < pattern.size()) ++end;
  }
  chunk.text = pattern.substr(0, end);
  pattern.remove_prefix(end);
  return chunk;
}

// The character at the front; a byte that is no UTF-8 counts as one.
std::string_view take_character(std::string_view& text) {
  const std::size_t length = std::max(utf8_character(text), std::size_t{1});
  const std::string_view character = text.substr(0, length);
  text.remove_prefix(length);
  return character;
}

// One end of a range, behind its backslash if it has one. Nothing if the pattern is broken: more
// must follow.
std::optional<std::string_view> take_range_end(std::string_view& chunk) {
  if (chunk.empty() || chunk.front() == '-' || chunk.front() == ']') return std::nullopt;
  if (chunk.front() == '\\') chunk.remove_prefix(1);
  if (utf8_character(chunk) == 0) return std::nullopt;
  const std::string_view end = take_character(chunk);
  if (chunk.empty()) return std::nullopt;
  return end;
}

// UTF-8 sorts as its code points do; what is none is U+FFFD in Go.
std::string_view comparable(std::string_view character) {
  return utf8_character(character) == 0 ? "\xEF\xBF\xBD" : character;
}

// `chunk` is what follows "[".
GlobMatch match_class(std::string_view& chunk, std::string_view& text) {
  const std::string_view character = comparable(take_character(text));
  const bool is_negated = chunk.starts_with('^');
  if (is_negated) chunk.remove_prefix(1);
  bool is_matched = false;
  for (bool is_first = true; is_first || !chunk.starts_with(']'); is_first = false) {
    const auto low = take_range_end(chunk);
    if (!low) return GlobMatch::bad_pattern;
    auto high = low;
    if (chunk.starts_with('-')) {
      chunk.remove_prefix(1);
      high = take_range_end(chunk);
      if (!high) return GlobMatch::bad_pattern;
    }
    if (*low <= character && character <= *high) is_matched = true;
  }
  chunk.remove_prefix(1);
  return is_matched != is_negated ? GlobMatch::yes : GlobMatch::no;
}

// Matches `chunk` at the front of `text` and takes that away from it.
GlobMatch match_chunk(std::string_view chunk, std::string_view& text, std::uint64_t& steps_left) {
  while (!chunk.empty()) {
    if (steps_left == 0) return GlobMatch::given_up;
    --steps_left;
    if (text.empty()) return GlobMatch::no;
    const char letter = chunk.front();
    if (letter == '[') {
      chunk.remove_prefix(1);
      const GlobMatch matched = match_class(chunk, text);
      if (matched != GlobMatch::yes) return matched;
      continue;
    }
    if (letter == '?') {
      take_character(text);
      chunk.remove_prefix(1);
      continue;
    }
    if (letter == '\\') chunk.remove_prefix(1);
    if (chunk.empty()) return GlobMatch::bad_pattern;
    if (chunk.front() != text.front()) return GlobMatch::no;
    text.remove_prefix(1);
    chunk.remove_prefix(1);
  }
  return GlobMatch::yes;
}

// Matches `chunk` further back in `text`, and if it `is_last` at its end.
GlobMatch match_behind(std::string_view chunk, bool is_last, std::string_view& text,
                       std::uint64_t& steps_left) {
  for (std::size_t skipped = 1; skipped <= text.size(); ++skipped) {
    std::string_view rest = text.substr(skipped);
    const GlobMatch matched = match_chunk(chunk, rest, steps_left);
    if (matched == GlobMatch::no) continue;
    if (matched != GlobMatch::yes) return matched;
    if (is_last && !rest.empty()) continue;
    text = rest;
    return GlobMatch::yes;
  }
  return GlobMatch::no;
}

}  // namespace

GlobMatch match_glob(std::string_view pattern, std::string_view text, std::uint64_t& steps_left) {
  while (!pattern.empty()) {
    const GlobChunk chunk = take_chunk(pattern);
    if (chunk.has_star && chunk.text.empty()) return GlobMatch::yes;
    const bool is_last = pattern.empty();
    std::string_view rest = text;
    GlobMatch matched = match_chunk(chunk.text, rest, steps_left);
    if (matched == GlobMatch::yes && (rest.empty() || !is_last)) {
      text = rest;
      continue;
    }
    if (matched == GlobMatch::bad_pattern || matched == GlobMatch::given_up) return matched;
    if (!chunk.has_star) return GlobMatch::no;
    matched = match_behind(chunk.text, is_last, text, steps_left);
    if (matched != GlobMatch::yes) return matched;
  }
  return text.empty() ? GlobMatch::yes : GlobMatch::no;
}

}  // namespace primocane
