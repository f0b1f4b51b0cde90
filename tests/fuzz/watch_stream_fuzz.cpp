// SPDX-License-Identifier: Apache-2.0
// Whatever a server sends as a watch, and however the stream cuts it, WatchStream tells the same,
// keeps its limit and fails in one of two ways.
#include "cluster/watch_stream.hpp"

#include "document/json.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace primocane;

namespace {

struct Heard {
  std::vector<std::string> events;
  Result<void> outcome;

  bool operator==(const Heard&) const = default;
};

Heard hear(std::string_view text, std::size_t piece) {
  Heard heard;
  WatchStream stream(
      [&heard](WatchEvent event) -> Result<void> {
        require(!event.resource_version.empty());
        const bool is_of_object =
            event.kind == WatchEvent::Kind::present || event.kind == WatchEvent::Kind::gone;
        require(event.object.is_object() == is_of_object);
        heard.events.push_back(event.resource_version + write_json(event.object));
        return {};
      },
      ByteCount(2048));
  for (std::size_t at = 0; at < text.size() && heard.outcome; at += piece) {
    heard.outcome = stream.feed(text.substr(at, piece));
  }
  if (heard.outcome) heard.outcome = stream.finish();
  if (!heard.outcome) {
    const ErrorKind kind = heard.outcome.error().kind;
    require(kind == ErrorKind::invalid || kind == ErrorKind::unavailable);
  }
  return heard;
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Heard whole = hear(text, size + 1);
  require(hear(text, 1) == whole);
  require(hear(text, 7) == whole);
  return 0;
}
