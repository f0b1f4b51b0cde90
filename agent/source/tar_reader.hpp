// SPDX-License-Identifier: Apache-2.0
// TarReader: the entries of a tar archive as they stream by: ustar, PAX, and GNU's long names and
// large numbers, as Go's archive/tar reads them. Sources: POSIX.1-2024 pax; tar(5); Go's
// archive/tar/reader.go.
#pragma once

#include "base/error.hpp"
#include "http/gunzip.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

enum class TarKind : std::uint8_t { file, folder, symlink, hard_link, device };

struct TarEntry {
  std::string name;  ///< as it is written: it may lead anywhere
  TarKind kind = TarKind::file;
  std::uint64_t size = 0;  ///< of a file's content
};

/// Reads one archive, front to back. All errors are `invalid`, or those of the input.
class TarReader {
 public:
  explicit TarReader(ReadBytes input) : input_(std::move(input)) {}

  /// The next entry, past what is left of the last one; nothing at the end. An error for what is no
  /// tar, damaged, cut, or a sparse file.
  [[nodiscard]] Result<std::optional<TarEntry>> next();
  /// The content of the entry that next() returned last; called at most once, and by those who have
  /// looked at its size.
  [[nodiscard]] Result<std::string> content();

 private:
  using Records = std::map<std::string, std::string, std::less<>>;

  [[nodiscard]] Result<std::optional<std::string>> next_block();
  [[nodiscard]] Result<std::string> read_exactly(std::uint64_t size);
  [[nodiscard]] Result<std::string> special_content(std::uint64_t size);
  [[nodiscard]] Result<void> skip(std::uint64_t size);
  [[nodiscard]] Result<void> read_records(std::string_view text);
  [[nodiscard]] Result<bool> take_special(char type, std::uint64_t size);
  [[nodiscard]] Result<TarEntry> make_entry(std::string_view block, char type, std::uint64_t size);

  ReadBytes input_;
  std::uint64_t content_left_ = 0;
  std::uint64_t padding_left_ = 0;
  Records records_;            // of the PAX header for the next entry
  std::string gnu_long_name_;  // for the next entry
};

}  // namespace primocane
