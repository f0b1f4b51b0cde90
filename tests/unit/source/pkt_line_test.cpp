// SPDX-License-Identifier: Apache-2.0
// How Git's wire protocol is framed.
#include "source/pkt_line.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace primocane {

namespace {

// Every line of `stream`, added in pieces of `piece` bytes: payloads, or "<0>" for a flush.
Result<std::vector<std::string>> lines_of(std::string_view stream, std::size_t piece) {
  PktLineReader reader;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.add(stream.substr(at, piece));
    while (true) {
      const std::optional<PktLine> line = TRY(reader.next());
      if (!line) break;
      switch (line->kind) {
        case PktKind::data:
          lines.emplace_back(line->payload);
          break;
        case PktKind::flush:
          lines.emplace_back("<0>");
          break;
        case PktKind::delimiter:
          lines.emplace_back("<1>");
          break;
        case PktKind::response_end:
          lines.emplace_back("<2>");
          break;
      }
    }
  }
  return lines;
}

}  // namespace

TEST_CASE("a stream splits into the same pkt-lines however it is cut") {
  const std::string stream = "0006a\n0005b0004000000010002000eversion 2\n";
  const std::vector<std::string> expected = {"a\n", "b", "", "<0>", "<1>", "<2>", "version 2\n"};
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    const auto lines = lines_of(stream, piece);
    REQUIRE(lines.has_value());
    CHECK(*lines == expected);
  }
}

TEST_CASE("a written pkt-line reads back, up to the longest") {
  const std::string longest(pkt_payload_max, 'x');
  CHECK(pkt_line("hello\n") == "000ahello\n");
  const auto lines = lines_of(pkt_line(longest) + std::string(pkt_flush), 1000);
  REQUIRE(lines.has_value());
  CHECK(*lines == std::vector<std::string>{longest, "<0>"});
}

TEST_CASE("text lines lose one newline and nothing else") {
  CHECK(PktLine{PktKind::data, "a \n"}.text() == "a ");
  CHECK(PktLine{PktKind::data, "a\n\n"}.text() == "a\n");
  CHECK(PktLine{PktKind::data, ""}.text().empty());
}

TEST_CASE("what is no pkt-line is invalid") {
  for (const std::string_view stream :
       {"<htm", "HTTP/1.1 200 OK", "0003", "fff1", "ffff", "-001", "00 5a", "+005a"}) {
    const auto lines = lines_of(stream, 3);
    REQUIRE_FALSE(lines.has_value());
    CHECK(lines.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a line that is not complete yet is waited for") {
  PktLineReader reader;
  reader.add("0009ab");
  const auto line = reader.next();
  REQUIRE(line.has_value());
  CHECK_FALSE(line->has_value());
  CHECK_FALSE(reader.is_drained());
  reader.add("cde");
  CHECK(reader.next().value()->payload == "abcde");
  CHECK(reader.is_drained());
}

}  // namespace primocane
