// SPDX-License-Identifier: Apache-2.0
#include "source/pkt_line.hpp"

#include "source/printable.hpp"

#include <fmt/format.h>

#include <cassert>

namespace primocane {

namespace {

constexpr std::size_t length_digits = 4;

std::optional<std::size_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::size_t>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<std::size_t>(c - 'A') + 10;
  return std::nullopt;
}

Result<std::size_t> parse_length(std::string_view digits) {
  std::size_t length = 0;
  for (const char c : digits) {
    const std::optional<std::size_t> digit = hex_digit(c);
    if (!digit && digits.starts_with('<')) {
      return fail(ErrorKind::invalid,
                  "the server answers with a web page: is this the URL of a repository?");
    }
    if (!digit) {
      return fail(ErrorKind::invalid, fmt::format("expected the length of a pkt-line, got \"{}\"",
                                                  printable(digits, length_digits)));
    }
    length = length * 16 + *digit;
  }
  if (length == 3 || length > pkt_line_max) {
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no length of a pkt-line", digits));
  }
  return length;
}

PktKind special_kind(std::size_t length) {
  if (length == 0) return PktKind::flush;
  return length == 1 ? PktKind::delimiter : PktKind::response_end;
}

}  // namespace

std::string_view PktLine::text() const {
  return payload.ends_with('\n') ? payload.substr(0, payload.size() - 1) : payload;
}

void PktLineReader::add(std::string_view piece) {
  buffer_.erase(0, begin_);
  begin_ = 0;
  buffer_ += piece;
}

Result<std::optional<PktLine>> PktLineReader::next() {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  if (rest.size() < length_digits) return std::nullopt;
  const std::size_t length = TRY(parse_length(rest.substr(0, length_digits)));
  if (length < length_digits) {
    begin_ += length_digits;
    return PktLine{special_kind(length), {}};
  }
  if (rest.size() < length) return std::nullopt;
  begin_ += length;
  return PktLine{PktKind::data, rest.substr(length_digits, length - length_digits)};
}

std::string pkt_line(std::string_view payload) {
  assert(payload.size() <= pkt_payload_max);
  return fmt::format("{:04x}{}", payload.size() + length_digits, payload);
}

}  // namespace primocane
