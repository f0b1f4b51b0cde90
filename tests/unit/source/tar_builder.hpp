// SPDX-License-Identifier: Apache-2.0
// Tar archives byte by byte, good ones and others.
#pragma once

#include "http/gunzip.hpp"
#include "http/gzip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// One header block as ustar has it, with the right checksum.
inline std::string tar_header(std::string_view name, char type, std::uint64_t size,
                              std::string_view prefix = {}) {
  std::string block(512, '\0');
  const auto put = [&block](std::size_t offset, std::string_view text) {
    std::ranges::copy(text, block.begin() + static_cast<std::ptrdiff_t>(offset));
  };
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(124, fmt::format("{:011o}", size));
  block[156] = type;
  put(257, std::string_view("ustar\0"
                            "00",
                            8));
  put(345, prefix.substr(0, 155));
  put(148, "        ");
  unsigned sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  put(148, fmt::format("{:06o}", sum));
  block[154] = '\0';
  return block;
}

/// `content` up to the next whole block.
inline std::string tar_padded(std::string content) {
  content.resize((content.size() + 511) / 512 * 512, '\0');
  return content;
}

inline std::string tar_entry(std::string_view name, std::string_view content, char type = '0') {
  return tar_header(name, type, content.size()) + tar_padded(std::string(content));
}

/// A record of a PAX header, whose length counts its own digits.
inline std::string pax_record(std::string_view key, std::string_view value) {
  const std::string rest = fmt::format(" {}={}\n", key, value);
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

inline std::string tar_end() { return std::string(1024, '\0'); }

/// Gives `bytes` in pieces of at most `piece`.
inline ReadBytes bytes_of(std::string bytes, std::size_t piece = 1000) {
  return [bytes = std::move(bytes), piece,
          at = std::size_t{0}](std::span<char> to) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({piece, to.size(), bytes.size() - at});
    std::memcpy(to.data(), bytes.data() + at, count);
    at += count;
    return count;
  };
}

/// A layer as registries have it.
inline std::string layer_of(const std::string& archive) {
  // Padded, so that it always gets smaller.
  return gzip_if_smaller(archive + tar_end() + std::string(4096, '\0')).value();
}

}  // namespace primocane
