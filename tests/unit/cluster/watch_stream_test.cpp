// SPDX-License-Identifier: Apache-2.0
// Specification of WatchStream.
#include "cluster/watch_stream.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

using namespace primocane;

namespace {

struct Heard {
  std::vector<std::string> events;
  Result<void> outcome;
  std::optional<ApiStatus> refusal;
};

// Feeds `text` in pieces of `size` bytes.
Heard hear(std::string_view text, std::size_t size = 1'000'000) {
  Heard heard;
  WatchStream stream(
      [&heard](WatchEvent event) -> Result<void> {
        heard.events.push_back(fmt::format("{} {} {}", static_cast<int>(event.kind),
                                           event.object.text_at("metadata", "name"),
                                           event.resource_version));
        return {};
      },
      ByteCount(300));
  for (std::size_t at = 0; at < text.size() && heard.outcome; at += size) {
    heard.outcome = stream.feed(text.substr(at, size));
  }
  if (heard.outcome) heard.outcome = stream.finish();
  heard.refusal = stream.refusal();
  return heard;
}

constexpr std::string_view four_events = R"(
{"type":"ADDED","object":{"metadata":{"name":"a}\"","resourceVersion":"7"}}}
{"type":"MODIFIED","object":{"metadata":{"name":"b","resourceVersion":"8"}}}{"type":"DELETED",
 "object":{"metadata":{"name":"c","resourceVersion":"9"}}}
{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"10"}}}
{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"11",
  "annotations":{"k8s.io/initial-events-end":"true"}}}}
)";

}  // namespace

TEST_CASE("events come out one by one, wherever the pieces are cut") {
  const std::vector<std::string> expected = {"1 a}\" 7", "1 b 8", "2 c 9", "4  10", "3  11"};
  for (std::size_t size = 1; size <= four_events.size(); ++size) {
    const Heard heard = hear(four_events, size);
    REQUIRE(heard.outcome);
    REQUIRE(heard.events == expected);
  }
}

TEST_CASE("an event of type ERROR ends the watch with what the server said") {
  const Heard heard = hear(
      R"({"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}})"
      R"({"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"7"}}})");
  REQUIRE_FALSE(heard.outcome);
  CHECK(heard.outcome.error().kind == ErrorKind::unavailable);
  REQUIRE(heard.refusal);
  CHECK(heard.refusal->code == 410);
  CHECK(heard.refusal->message == "too old");
  CHECK(heard.events.empty());
}

TEST_CASE("a stream that is cut within an event is unavailable") {
  CHECK(hear(R"({"type":"ADDED","object":{)").outcome.error().kind == ErrorKind::unavailable);
  CHECK(hear("\n\n").outcome);
}

TEST_CASE("what is no event is invalid") {
  for (const std::string_view text :
       {"garbage", "[1]", "{}", R"({"type":"ADDED"})", R"({"type":"ADDED","object":[]})",
        R"({"type":"ADDED","object":{"metadata":{"name":"a"}}})", "{\"type\":}",
        R"({"object":{"metadata":{"resourceVersion":"1"}}}x)"}) {
    CAPTURE(text);
    const Heard heard = hear(text);
    REQUIRE_FALSE(heard.outcome);
    CHECK(heard.outcome.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("what never ends is given up at the limit, and its memory with it") {
  const Heard heard =
      hear(R"({"type":"ADDED","object":{"metadata":{"name":")" + std::string(400, 'x'), 7);
  REQUIRE_FALSE(heard.outcome);
  CHECK(heard.outcome.error().kind == ErrorKind::invalid);
  CHECK(heard.outcome.error().message.find("300") != std::string::npos);
}

TEST_CASE("types of events that are not known yet are passed by") {
  const Heard heard =
      hear(R"({"type":"RENAMED","object":{"metadata":{"name":"a","resourceVersion":"7"}}})");
  CHECK(heard.outcome);
  CHECK(heard.events.empty());
}
