// SPDX-License-Identifier: Apache-2.0
// Regular expressions of repositories: Go's syntax, by RE2. Those that are plain text are
// compared as such, because most are, and a compiled one takes kilobytes.
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace primocane {

/// A compiled expression. An immutable value; copies share it.
class RegularExpression {
 public:
  /// `invalid` if Go's regexp would not compile `pattern`, or if it takes more than a megabyte.
  ///
  /// Known differences from Go: names of character classes that Go 1.25 added ("\p{Letter}") are
  /// refused, and tables of Unicode are those of RE2.
  [[nodiscard]] static Result<RegularExpression> compile(std::string_view pattern);

  /// Whether some part of `text` matches (regexp.MatchString).
  [[nodiscard]] bool is_found_in(std::string_view text) const;

 private:
  explicit RegularExpression(std::shared_ptr<const re2::RE2> compiled);

  std::shared_ptr<const re2::RE2> compiled_;
};

/// Whether the only characters in `pattern` that mean something else than themselves are ".".
[[nodiscard]] bool is_plain_pattern(std::string_view pattern);

/// The length of what the plain `pattern` matches at the beginning of `text`, if it does.
[[nodiscard]] std::optional<std::size_t> plain_match_length(std::string_view pattern,
                                                            std::string_view text);

/// A pattern for whole texts, as kustomize's selectors have them: "^(?:pattern)$"; "" is for any
/// (api/types/selector.go).
class TextPattern {
 public:
  TextPattern() = default;
  /// `invalid` as from RegularExpression::compile.
  [[nodiscard]] static Result<TextPattern> make(std::string pattern);

  [[nodiscard]] bool matches(std::string_view text) const;
  [[nodiscard]] bool is_for_any() const { return pattern_.empty(); }

 private:
  std::string pattern_;
  std::optional<RegularExpression> expression_;  // nothing if the pattern is plain
};

}  // namespace primocane
