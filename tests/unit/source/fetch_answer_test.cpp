// SPDX-License-Identifier: Apache-2.0
// The answer to a fetch, as git 2.39 sends it and as hostile servers might.
#include "source/fetch_answer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

namespace {

const std::string first(40, '1');
const std::string second(40, '2');

std::string line(std::string_view text) { return pkt_line(std::string(text) + "\n"); }
std::string band(char number, std::string_view bytes) {
  return pkt_line(number + std::string(bytes));
}

struct Answer {
  std::string pack;
  std::vector<std::string> shallow;
};

Result<Answer> read(FetchAnswerReader reader, std::string_view bytes, std::size_t piece) {
  Answer answer;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    answer.pack += TRY(reader.add(bytes.substr(at, piece)));
  }
  if (!reader.is_complete()) return fail(ErrorKind::unavailable, "cut");
  for (const CommitId& commit : reader.shallow()) answer.shallow.push_back(commit.str());
  return answer;
}

Result<Answer> read_v2(std::string_view bytes, std::size_t piece = 3) {
  return read(FetchAnswerReader(GitDialect::v2, true), bytes, piece);
}
Result<Answer> read_v0(std::string_view bytes, bool has_limits) {
  return read(FetchAnswerReader(GitDialect::v0, has_limits), bytes, 3);
}

const std::string bands = band('\2', "Counting objects") + band('\1', "PACK") + band('\2', "") +
                          band('\1', "") + band('\1', "data") + "0000";

}  // namespace

TEST_CASE("the pack comes out of an answer of protocol v2 however it is cut") {
  const std::string answer = line("shallow-info") + pkt_line("shallow " + first) +
                             line("unshallow " + second) + "0001" + line("packfile") + bands;
  for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
    const auto read = read_v2(answer, piece);
    REQUIRE(read.has_value());
    CHECK(read->pack == "PACKdata");
    CHECK(read->shallow == std::vector<std::string>{first});
  }
}

TEST_CASE("sections that were not needed are passed over") {
  const auto answer = read_v2(line("acknowledgments") + line("ACK " + first) + line("ready") +
                              "0001" + line("packfile") + bands + "0002");
  REQUIRE(answer.has_value());
  CHECK(answer->pack == "PACKdata");
}

TEST_CASE("the pack comes out of an answer of protocol v0") {
  for (const std::string& acknowledgment : {line("NAK"), line("ACK " + first)}) {
    const auto plain = read_v0(acknowledgment + bands, false);
    REQUIRE(plain.has_value());
    CHECK(plain->pack == "PACKdata");
    const auto cut = read_v0(pkt_line("shallow " + first) + "0000" + acknowledgment + bands, true);
    REQUIRE(cut.has_value());
    CHECK(cut->pack == "PACKdata");
    CHECK(cut->shallow == std::vector<std::string>{first});
  }
}

TEST_CASE("an answer that ends early is not complete") {
  const std::string answer = line("packfile") + bands;
  for (std::size_t length = 0; length < answer.size(); ++length) {
    const auto read = read_v2(answer.substr(0, length));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == ErrorKind::unavailable);
  }
}

TEST_CASE("a server that gives up in the middle is told in its words") {
  const auto in_band =
      read_v2(line("packfile") + band('\1', "PACK") + band('\3', "disk on fire\n"));
  REQUIRE_FALSE(in_band.has_value());
  CHECK(in_band.error() == Error{ErrorKind::unavailable, "the server says \"disk on fire\""});
  const auto gone = read_v2(pkt_line("ERR upload-pack: not our ref " + first));
  REQUIRE_FALSE(gone.has_value());
  CHECK(gone.error().kind == ErrorKind::conflict);
}

TEST_CASE("what is no answer to a fetch is invalid") {
  for (const std::string& answer :
       {std::string("<html>"), std::string("0000"), std::string("0001"), line("wanted-refs"),
        line("packfile-uris"), line("acknowledgments") + "0000",
        line("acknowledgments") + line("x"), line("shallow-info") + line("shallow x"),
        line("shallow-info") + line("deep"), line("shallow-info") + "0000",
        line("packfile") + "0001", line("packfile") + "0004", line("packfile") + band('\4', "x"),
        line("packfile") + bands + "0000", line("packfile") + bands + line("more")}) {
    INFO(answer);
    const auto read = read_v2(answer);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind == ErrorKind::invalid);
  }
  for (const std::string& answer : {std::string("0000"), line("what"), band('\4', "x")}) {
    CHECK(read_v0(answer, false).error().kind == ErrorKind::invalid);
  }
  CHECK(read_v0(line("NAK") + bands, true).error().kind == ErrorKind::invalid);
}

TEST_CASE("a server cannot fill the memory with ends of the history") {
  std::string answer = line("shallow-info");
  for (int i = 0; i < 100'001; ++i) answer += pkt_line("shallow " + first);
  const auto read = read_v2(answer, 65536);
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().kind == ErrorKind::invalid);
}

}  // namespace primocane
