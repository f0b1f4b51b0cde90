// SPDX-License-Identifier: Apache-2.0
// EscapedText: a text behind its escapes, and where each byte of it was written.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace primocane {

/// Bytes `begin` to before `end` of a text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const TextRange&) const = default;
};

/// Starts as the source itself; each unescape() takes the escapes of one quoting away.
class EscapedText {
 public:
  explicit EscapedText(std::string source);

  [[nodiscard]] const std::string& text() const { return text_; }

  /// Replaces the backslash escapes of Go, JSON and Python by what they stand for, whether quoted
  /// or not; what is none stays. False if there were none.
  bool unescape();

  /// What of the source `range` of text() was written as; `range` is not empty.
  [[nodiscard]] TextRange source(TextRange range) const;

 private:
  std::string text_;
  std::vector<TextRange> sources_;  // of each byte
};

}  // namespace primocane
