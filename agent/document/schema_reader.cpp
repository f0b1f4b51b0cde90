// SPDX-License-Identifier: Apache-2.0
#include "document/schema_reader.hpp"

#include "base/letter_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace primocane {

namespace {

// Levenshtein's distance; another case of a letter is no difference.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (to_lower(a[i]) == to_lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string at_line(std::string_view file, std::uint32_t line) {
  return line == 0 ? fmt::format("{}: ", file) : fmt::format("{}:{}: ", file, line);
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  // A key of a stranger may be megabytes long; none of ours is.
  constexpr std::size_t longest = 100;
  if (word.size() > longest) return {};
  std::string_view best;
  std::size_t best_distance = std::numeric_limits<std::size_t>::max();
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance * 3 > std::max(word.size(), candidate.size())) continue;
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

Result<void> require_known_keys(const Value& mapping, std::string_view what, std::string_view file,
                                std::span<const std::string_view> known) {
  const Object* members = mapping.as_object();
  if (members == nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("{}{} must be a mapping, not {}", at_line(file, mapping.line()), what,
                            to_string(mapping.kind())));
  }
  for (const auto& [key, value] : *members) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const std::string_view meant = nearest(key, known);
    const std::string suggestion =
        meant.empty() ? "" : fmt::format("; did you mean \"{}\"?", meant);
    return fail(ErrorKind::invalid,
                fmt::format("{}{} has no field \"{}\"{}", at_line(file, value.line()), what, key,
                            suggestion));
  }
  return {};
}

Result<std::string> optional_text(const Value& mapping, std::string_view key, std::string_view file,
                                  std::string_view fallback) {
  const Value* value = mapping.find(key);
  if (value == nullptr) return std::string(fallback);
  const std::string* text = value->as_string();
  if (text == nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("{}\"{}\" must be a string, not {}", at_line(file, value->line()), key,
                            to_string(value->kind())));
  }
  return *text;
}

}  // namespace primocane
