// SPDX-License-Identifier: Apache-2.0
// However a stream is cut, it splits into the same pkt-lines, or fails at the same place; and lines
// that were read are written as they were.
#include "source/pkt_line.hpp"

#include "fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

using namespace primocane;

namespace {

// What a stream's lines say, written anew, and "!" where it stops being one.
std::string rewritten(std::string_view stream, std::size_t piece) {
  PktLineReader reader;
  std::string text;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.add(stream.substr(at, piece));
    while (true) {
      const auto line = reader.next();
      if (!line) {
        require(line.error().kind == ErrorKind::invalid);
        require(!reader.next().has_value());
        return text + "!";
      }
      if (!*line) break;
      switch ((*line)->kind) {
        case PktKind::flush:
          text += pkt_flush;
          break;
        case PktKind::delimiter:
          text += pkt_delimiter;
          break;
        case PktKind::response_end:
          text += "0002";
          break;
        case PktKind::data:
          text += pkt_line((*line)->payload);
          break;
      }
    }
  }
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const std::string whole = rewritten(stream, std::max<std::size_t>(size, 1));
  require(rewritten(stream, 1) == whole);
  require(rewritten(stream, 7) == whole);
  // Lengths may be written in capitals; all else is as it was.
  const std::string_view lines = std::string_view(whole).substr(0, whole.find_last_not_of('!') + 1);
  require(std::equal(lines.begin(), lines.end(), stream.begin(),
                     [](char a, char b) { return lower(a) == lower(b); }));
  return 0;
}
