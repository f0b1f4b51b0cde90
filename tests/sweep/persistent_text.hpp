// SPDX-License-Identifier: Apache-2.0
// PersistentText: a text in memory that outlives the process which wrote it. The fake cluster is
// kept in it, so that keeping it is no system call that a fault could hit.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// A file mapped into memory with two slots and a number that says which one holds. A process that
/// is killed leaves the old or the new text, never a mixture.
class PersistentText {
 public:
  /// Makes the file at `path` if it is missing. Throws std::runtime_error when it can't.
  explicit PersistentText(const std::string& path);
  PersistentText(const PersistentText&) = delete;
  PersistentText& operator=(const PersistentText&) = delete;
  ~PersistentText();

  /// What was last set; empty in a new file.
  [[nodiscard]] std::string get() const;
  /// Throws std::runtime_error when `text` is too long.
  void set(std::string_view text);

 private:
  struct Header;

  [[nodiscard]] Header& header() const;
  [[nodiscard]] std::span<char> slot(std::size_t number) const;

  std::span<char> memory_;
};

}  // namespace primocane
