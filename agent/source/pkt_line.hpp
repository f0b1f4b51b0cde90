// SPDX-License-Identifier: Apache-2.0
// Pkt-lines, the framing of Git's wire protocol: four hexadecimal digits of length, then bytes.
// Source: gitprotocol-common(5), gitprotocol-v2(5).
#pragma once

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

enum class PktKind : std::uint8_t {
  data,          ///< a line with a payload, which may be empty
  flush,         ///< 0000: the end of a message
  delimiter,     ///< 0001: the end of a section (v2)
  response_end,  ///< 0002: the end of a stateless answer (v2)
};

/// One pkt-line. The payload belongs to the reader and is valid until its next call.
struct PktLine {
  PktKind kind = PktKind::data;
  std::string_view payload;

  /// The payload without the newline that text lines may end in.
  [[nodiscard]] std::string_view text() const;
};

/// The longest pkt-line with its length, and the longest payload.
inline constexpr std::size_t pkt_line_max = 65520;
inline constexpr std::size_t pkt_payload_max = pkt_line_max - 4;

/// Splits a stream, given in arbitrary pieces, into pkt-lines. Holds at most one piece and one
/// incomplete line.
class PktLineReader {
 public:
  /// Takes the next piece of the stream.
  void add(std::string_view piece);
  /// The next complete line, or nothing until more is added. `invalid` if the stream holds no
  /// pkt-lines; every later call fails likewise.
  [[nodiscard]] Result<std::optional<PktLine>> next();
  /// Whether every byte that was added has been handed out.
  [[nodiscard]] bool is_drained() const { return begin_ == buffer_.size(); }

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
};

/// `payload`, at most pkt_payload_max bytes, as a pkt-line.
[[nodiscard]] std::string pkt_line(std::string_view payload);

inline constexpr std::string_view pkt_flush = "0000";
inline constexpr std::string_view pkt_delimiter = "0001";

}  // namespace primocane
