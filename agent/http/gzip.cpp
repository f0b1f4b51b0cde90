// SPDX-License-Identifier: Apache-2.0
#include "http/gzip.hpp"

#include <zlib.h>

#include <limits>
#include <memory>

namespace primocane {

namespace {

// Below this the frame of gzip and the processor's time are worth more than the bytes saved: one
// Ethernet frame carries it either way.
constexpr std::size_t worth_compressing = 1400;
constexpr int gzip_window_bits = MAX_WBITS + 16;  // zlib.h: "add 16 to write a gzip header"
constexpr int default_memory_level = 8;

struct DeflateEnd {
  void operator()(z_stream* stream) const { deflateEnd(stream); }
};

}  // namespace

std::optional<std::string> gzip_if_smaller(std::string_view bytes) {
  if (bytes.size() < worth_compressing || bytes.size() > std::numeric_limits<uInt>::max()) {
    return std::nullopt;
  }
  z_stream state{};
  if (deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits,
                   default_memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  const std::unique_ptr<z_stream, DeflateEnd> stream(&state);
  std::string packed(bytes.size() - 1, '\0');  // what does not fit is not smaller
  // zlib only reads through next_in; it is not const for history's sake.
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream->avail_in = static_cast<uInt>(bytes.size());
  stream->next_out = reinterpret_cast<Bytef*>(packed.data());
  stream->avail_out = static_cast<uInt>(packed.size());
  if (deflate(stream.get(), Z_FINISH) != Z_STREAM_END) return std::nullopt;
  packed.resize(stream->total_out);
  return packed;
}

}  // namespace primocane
