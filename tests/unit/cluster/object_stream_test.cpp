// SPDX-License-Identifier: Apache-2.0
// Specification of ObjectStream.
#include "cluster/object_stream.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace primocane;

namespace {

struct Cut {
  std::vector<std::string> items;
  Result<void> outcome;
};

// Feeds `text` in pieces of `size` bytes.
Cut cut(std::string_view text, std::size_t size = 1'000'000, ByteCount item_max = ByteCount(100)) {
  Cut result;
  ObjectStream stream(
      [&](std::string_view item) {
        result.items.emplace_back(item);
        return Result<void>();
      },
      "items", item_max);
  for (std::size_t at = 0; at < text.size() && result.outcome; at += size) {
    result.outcome = stream.feed(text.substr(at, size));
  }
  if (result.outcome) result.outcome = stream.finish();
  return result;
}

}  // namespace

TEST_CASE("the items of a list come out one by one, wherever the pieces are cut") {
  const std::string text =
      R"({"kind":"List","metadata":{"items":[{"no":1}],"a":"\"items\":["},"x":"items", "items" : )"
      R"([ {"a":{"b":[1,{}]}}, {"text":"}]\"{\\"} ,{}] , "more":[{"no":2}],"n":-1.5e3} )";
  const std::vector<std::string> expected = {R"({"a":{"b":[1,{}]}})", R"({"text":"}]\"{\\"})",
                                             "{}"};
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const Cut result = cut(text, size);
    REQUIRE(result.outcome);
    REQUIRE(result.items == expected);
  }
}

TEST_CASE("a list without items has none") {
  CHECK(cut(R"({"items":[]})").outcome);
  CHECK(cut(R"({"items":null,"kind":"List"})").outcome);
  CHECK(cut(R"({"kind":"List"})").items.empty());
  CHECK(cut(R"({"kind":"List"})").outcome);
}

TEST_CASE("a list that is cut is unavailable") {
  const std::string text = R"({"items":[{"a":1},{"b":"c"}],"x":1})";
  for (std::size_t size = 0; size < text.size(); ++size) {
    CHECK(cut(text.substr(0, size)).outcome.error().kind == ErrorKind::unavailable);
  }
}

TEST_CASE("what is no list of mappings is invalid") {
  for (const char* text : {"[]", "7", "<html>", R"({"items":{}})", R"({"items":"x"})",
                           R"({"items":[1]})", R"({"items":[["a"]]})", "{} {}", R"({}x)"}) {
    INFO(text);
    CHECK(cut(text).outcome.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("an item over the limit is invalid, however it arrives") {
  const std::string item = R"({"a":")" + std::string(93, 'x') + R"("})";
  const std::string text = R"({"items":[)" + item + "]}";
  REQUIRE(item.size() == 101);
  for (const std::size_t size : {1U, 7U, 1000U}) {
    CHECK(cut(text, size).outcome.error().kind == ErrorKind::invalid);
    CHECK(cut(text, size, ByteCount(101)).outcome);
  }
}

TEST_CASE("an error of whoever takes the items ends the stream") {
  int taken = 0;
  ObjectStream stream([&](std::string_view) -> Result<void> {
    ++taken;
    return fail(ErrorKind::conflict, "enough");
  });
  CHECK(stream.feed(R"({"items":[{},{},{}]})").error().message == "enough");
  CHECK(taken == 1);
}
