// SPDX-License-Identifier: Apache-2.0
#include "source/tar_reader.hpp"

#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace primocane {

namespace {

constexpr std::size_t block_size = 512;
constexpr std::uint64_t special_size_max = 1024UL * 1024;  // as Go's maxSpecialFileSize
constexpr std::uint64_t content_size_max = 1ULL << 50U;    // so that sums do not overflow
constexpr std::size_t specials_max = 32;                   // headers in front of one entry
constexpr char pax_type = 'x';
constexpr char pax_global_type = 'g';
constexpr char gnu_name_type = 'L';
constexpr char gnu_link_type = 'K';

// A field of a header: its place in the block (tar(5)).
struct TarField {
  std::size_t offset;
  std::size_t size;
};
constexpr TarField name_field{0, 100};
constexpr TarField size_field{124, 12};
constexpr TarField checksum_field{148, 8};
constexpr std::size_t type_offset = 156;
constexpr TarField magic_field{257, 5};
constexpr TarField prefix_field{345, 155};

std::string_view tar_field(std::string_view block, TarField place) {
  return block.substr(place.offset, place.size);
}

std::string_view text_field(std::string_view block, TarField place) {
  const std::string_view text = tar_field(block, place);
  return text.substr(0, text.find('\0'));
}

// Octal digits between blanks and NULs, or GNU's big-endian binary number behind the byte 0x80.
std::optional<std::uint64_t> number_field(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) == 0x80U) {
    std::uint64_t number = 0;
    for (const char digit : text.substr(1)) {
      if (number >> 56U != 0) return std::nullopt;
      number = number << 8U | static_cast<unsigned char>(digit);
    }
    return number;
  }
  text = text.substr(0, text.find('\0'));
  text = trimmed(text);
  if (text.empty()) return 0;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool has_right_checksum(std::string_view block) {
  std::uint64_t as_unsigned = 0;
  std::int64_t as_signed = 0;  // what some old programs wrote
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool is_own = i - checksum_field.offset < checksum_field.size;
    const char byte = is_own ? ' ' : block[i];
    as_unsigned += static_cast<unsigned char>(byte);
    as_signed += static_cast<signed char>(byte);
  }
  const std::optional<std::uint64_t> stored = number_field(tar_field(block, checksum_field));
  return stored && (*stored == as_unsigned || static_cast<std::int64_t>(*stored) == as_signed);
}

std::unexpected<Error> no_tar(std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("is no good tar archive: {}", what));
}

TarKind kind_of_type(char type, std::string_view name) {
  switch (type) {
    case '1':
      return TarKind::hard_link;
    case '2':
      return TarKind::symlink;
    case '3':
    case '4':
    case '6':
      return TarKind::device;
    case '5':
      return TarKind::folder;
    default:
      // Before POSIX a folder was a file whose name ends so.
      return type == '\0' && name.ends_with('/') ? TarKind::folder : TarKind::file;
  }
}

}  // namespace

Result<std::optional<TarEntry>> TarReader::next() {
  records_.clear();
  gnu_long_name_.clear();
  for (std::size_t specials = 0; specials <= specials_max; ++specials) {
    TRY(skip(content_left_ + padding_left_));
    content_left_ = 0;
    padding_left_ = 0;
    const std::optional<std::string> block = TRY(next_block());
    if (!block) {
      if (specials == 0) return std::nullopt;
      return no_tar("it ends behind a header");
    }
    if (!has_right_checksum(*block)) return no_tar("a header's checksum is wrong");
    const std::optional<std::uint64_t> size = number_field(tar_field(*block, size_field));
    if (!size || *size > content_size_max) return no_tar("a header has no right size");
    const char type = (*block)[type_offset];
    const bool is_special = TRY(take_special(type, *size));
    if (!is_special) return TRY(make_entry(*block, type, *size));
  }
  return no_tar("too many headers in front of an entry");
}

Result<std::string> TarReader::content() {
  std::string content = TRY(read_exactly(content_left_));
  content_left_ = 0;
  return content;
}

// The next header; nothing at the end, which is two blocks of NULs or the input's.
Result<std::optional<std::string>> TarReader::next_block() {
  const auto is_nothing = [](std::string_view block) {
    return std::ranges::all_of(block, [](char byte) { return byte == '\0'; });
  };
  for (int empty_blocks = 0; empty_blocks < 2; ++empty_blocks) {
    std::string block(block_size, '\0');
    const std::size_t first = TRY(input_(std::span(block)));
    if (first == 0) return std::nullopt;
    const std::string rest = TRY(read_exactly(block_size - first));
    std::ranges::copy(rest, block.begin() + static_cast<std::ptrdiff_t>(first));
    if (!is_nothing(block)) {
      if (empty_blocks > 0) return no_tar("something follows its end");
      return block;
    }
  }
  return std::nullopt;
}

Result<std::string> TarReader::read_exactly(std::uint64_t size) {
  // It grows with what is there: a header may promise anything.
  constexpr std::uint64_t step = 1024UL * 1024;
  std::string bytes;
  while (bytes.size() < size) {
    const std::size_t begin = bytes.size();
    bytes.resize(begin + std::min(step, size - begin));
    std::size_t filled = begin;
    while (filled < bytes.size()) {
      const std::size_t count = TRY(input_(std::span(bytes).subspan(filled)));
      if (count == 0) return no_tar("it is cut");
      filled += count;
    }
  }
  return bytes;
}

Result<void> TarReader::skip(std::uint64_t size) {
  std::array<char, 4096> dropped{};
  while (size > 0) {
    const std::size_t piece = std::min<std::uint64_t>(size, dropped.size());
    const std::size_t count = TRY(input_(std::span(dropped).first(piece)));
    if (count == 0) return no_tar("it is cut");
    size -= count;
  }
  return {};
}

Result<std::string> TarReader::special_content(std::uint64_t size) {
  if (size > special_size_max) return no_tar("a header is too large");
  std::string text = TRY(read_exactly(size));
  padding_left_ = (block_size - size % block_size) % block_size;
  return text;
}

// Whether the header of `type` speaks of the entry behind it, which is noted then.
Result<bool> TarReader::take_special(char type, std::uint64_t size) {
  if (type == pax_type) {
    const std::string records = TRY(special_content(size));
    TRY(read_records(records));
    return true;
  }
  if (type == gnu_name_type) {
    const std::string name = TRY(special_content(size));
    gnu_long_name_ = name.substr(0, name.find('\0'));
    return true;
  }
  // Where links lead is nothing to us, and Go does not heed what is global either.
  if (type != gnu_link_type && type != pax_global_type) return false;
  TRY(special_content(size));
  return true;
}

// Lines of "LENGTH KEY=VALUE\n"; the length counts all of it.
Result<void> TarReader::read_records(std::string_view text) {
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || length > text.size() || length < digits + 2 ||
        text[digits] != ' ' || text[length - 1] != '\n') {
      return no_tar("an odd PAX record");
    }
    std::string_view value = text.substr(digits + 1, length - digits - 2);
    const std::string_view key = take_until(value, '=');
    records_.insert_or_assign(std::string(key), std::string(value));
    text.remove_prefix(length);
  }
  return {};
}

Result<TarEntry> TarReader::make_entry(std::string_view block, char type, std::uint64_t size) {
  TarEntry entry;
  entry.name = text_field(block, name_field);
  const std::string_view prefix = text_field(block, prefix_field);
  // GNU's header has other things there, and says "ustar " with a blank.
  const bool is_ustar = tar_field(block, magic_field) == "ustar" && block[262] == '\0';
  if (is_ustar && !prefix.empty()) entry.name = fmt::format("{}/{}", prefix, entry.name);
  if (!gnu_long_name_.empty()) entry.name = gnu_long_name_;
  const auto path = records_.find("path");
  if (path != records_.end()) entry.name = path->second;
  const auto is_about_holes = [](const auto& record) {
    return record.first.starts_with("GNU.sparse.");
  };
  if (type == 'S' || std::ranges::any_of(records_, is_about_holes)) {
    return fail(ErrorKind::invalid,
                fmt::format("holds the sparse file {}: write it out whole", printable(entry.name)));
  }
  entry.kind = kind_of_type(type, entry.name);
  const auto long_size = records_.find("size");
  if (long_size != records_.end()) {
    const std::string& text = long_size->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || end != text.data() + text.size() || size > content_size_max) {
      return no_tar("an odd PAX size");
    }
  }
  // Only files have content, whatever the size of others says (Go's isHeaderOnlyType).
  content_left_ = entry.kind == TarKind::file ? size : 0;
  padding_left_ = (block_size - content_left_ % block_size) % block_size;
  entry.size = content_left_;
  return entry;
}

}  // namespace primocane
