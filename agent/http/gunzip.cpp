// SPDX-License-Identifier: Apache-2.0
#include "http/gunzip.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace primocane {

namespace {

constexpr int gunzip_window_bits = MAX_WBITS + 16;  // zlib.h: "add 16 to decode only gzip"
constexpr std::size_t packed_piece = 16UL * 1024;

}  // namespace

struct Gunzip::State {
  State(ReadBytes read, ByteCount max)
      : input(std::move(read)),
        unpacked_max(max),
        is_ready(inflateInit2(&stream, gunzip_window_bits) == Z_OK) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { inflateEnd(&stream); }

  ReadBytes input;
  ByteCount unpacked_max;
  z_stream stream{};
  bool is_ready;
  bool is_between_members = true;
  bool has_begun = false;
  std::uint64_t unpacked = 0;
  std::array<char, packed_piece> packed{};
};

Gunzip::Gunzip(ReadBytes input, ByteCount unpacked_max)
    : state_(std::make_unique<State>(std::move(input), unpacked_max)) {}

Gunzip::~Gunzip() = default;

// Sees to it that there is packed input; false at its end.
Result<bool> Gunzip::fill() {
  if (state_->stream.avail_in > 0) return true;
  const std::size_t count = TRY(state_->input(std::span(state_->packed)));
  state_->stream.next_in = reinterpret_cast<Bytef*>(state_->packed.data());
  state_->stream.avail_in = static_cast<uInt>(count);
  return count > 0;
}

Result<std::size_t> Gunzip::read(std::span<char> to) {
  z_stream& stream = state_->stream;
  if (!state_->is_ready) return fail(ErrorKind::unavailable, "no memory to unpack gzip");
  const auto room =
      static_cast<uInt>(std::min<std::size_t>(to.size(), std::numeric_limits<uInt>::max()));
  stream.next_out = reinterpret_cast<Bytef*>(to.data());
  stream.avail_out = room;
  while (stream.avail_out == room) {
    const bool has_input = TRY(fill());
    if (!has_input && state_->is_between_members && state_->has_begun) return std::size_t{0};
    if (!has_input) {
      return fail(ErrorKind::invalid, state_->has_begun ? "the gzip stream is cut" : "is empty");
    }
    if (state_->is_between_members && state_->has_begun) inflateReset(&stream);
    state_->has_begun = true;
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END) {
      const bool is_first = stream.total_out == 0 && state_->unpacked == 0;
      return fail(ErrorKind::invalid,
                  is_first ? "is not compressed by gzip" : "the gzip stream is damaged");
    }
    state_->is_between_members = code == Z_STREAM_END;
  }
  const std::size_t count = room - stream.avail_out;
  state_->unpacked += count;
  if (ByteCount(state_->unpacked) > state_->unpacked_max) {
    return fail(ErrorKind::invalid,
                fmt::format("unpacks to more than {}", to_string(state_->unpacked_max)));
  }
  return count;
}

}  // namespace primocane
