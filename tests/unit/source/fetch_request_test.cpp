// SPDX-License-Identifier: Apache-2.0
// What a fetch says to the server.
#include "source/fetch_request.hpp"

#include "source/pkt_line.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

namespace {

const CommitId want = CommitId::parse(std::string(40, '1')).value();
const CommitId have = CommitId::parse(std::string(40, '2')).value();
constexpr GitCapabilities able_v2{
    .dialect = GitDialect::v2, .has_shallow = true, .has_filter = true, .has_side_band = true};
constexpr GitCapabilities able_v0{
    .dialect = GitDialect::v0, .has_shallow = true, .has_filter = true, .has_side_band = true};

// The lines of a message, without their lengths: "|" for a flush, "/" for a delimiter.
std::string lines_of(const Result<std::string>& message) {
  REQUIRE(message.has_value());
  PktLineReader reader;
  reader.add(*message);
  std::string text;
  while (true) {
    const auto line = reader.next();
    REQUIRE(line.has_value());
    if (!*line) break;
    text += (*line)->kind == PktKind::flush       ? "|"
            : (*line)->kind == PktKind::delimiter ? "/"
                                                  : std::string((*line)->text());
    text += '\n';
  }
  CHECK(reader.is_drained());
  return text;
}

}  // namespace

TEST_CASE("a first fetch asks for the commit alone") {
  const FetchRequest request{.want = want, .have = std::nullopt};
  CHECK(lines_of(fetch_message(request, able_v2)) ==
        "command=fetch\n/\nno-progress\nofs-delta\ndeepen 1\nwant " + want.str() + "\ndone\n|\n");
  CHECK(lines_of(fetch_message(request, able_v0)) ==
        "want " + want.str() + " side-band-64k ofs-delta no-progress\ndeepen 1\n|\ndone\n");
}

TEST_CASE("a later fetch tells what we have, and that we lack what lies before it") {
  const FetchRequest request{.want = want, .have = have, .depth = 3};
  CHECK(lines_of(fetch_message(request, able_v2)) ==
        "command=fetch\n/\nno-progress\nofs-delta\nshallow " + have.str() + "\ndeepen 3\nwant " +
            want.str() + "\nhave " + have.str() + "\ndone\n|\n");
  CHECK(lines_of(fetch_message(request, able_v0)) ==
        "want " + want.str() + " side-band-64k ofs-delta no-progress\nshallow " + have.str() +
            "\ndeepen 3\n|\nhave " + have.str() + "\ndone\n");
}

TEST_CASE("commits alone are asked for by a filter") {
  const FetchRequest request{
      .want = want, .have = std::nullopt, .depth = 32, .content = FetchContent::commits_only};
  CHECK(lines_of(fetch_message(request, able_v2)).find("\nfilter tree:0\n") != std::string::npos);
  CHECK(lines_of(fetch_message(request, able_v0)) ==
        "want " + want.str() +
            " side-band-64k ofs-delta no-progress filter\ndeepen 32\nfilter tree:0\n|\ndone\n");
}

TEST_CASE("a thin pack is never asked for") {
  const FetchRequest request{.want = want, .have = have};
  CHECK(lines_of(fetch_message(request, able_v2)).find("thin-pack") == std::string::npos);
  CHECK(lines_of(fetch_message(request, able_v0)).find("thin-pack") == std::string::npos);
}

TEST_CASE("a server without shallow histories is not told that we have one") {
  GitCapabilities server = able_v2;
  server.has_shallow = false;
  CHECK(lines_of(fetch_message({.want = want, .have = have, .depth = 1}, server)) ==
        "command=fetch\n/\nno-progress\nofs-delta\nwant " + want.str() + "\ndone\n|\n");
}

TEST_CASE("a server that is too old is refused") {
  GitCapabilities server = able_v0;
  server.has_side_band = false;
  CHECK(fetch_message({.want = want, .have = std::nullopt}, server).error().kind ==
        ErrorKind::invalid);
  server = able_v2;
  server.has_filter = false;
  CHECK(fetch_message(
            {.want = want, .have = std::nullopt, .depth = 1, .content = FetchContent::commits_only},
            server)
            .error()
            .kind == ErrorKind::invalid);
}

}  // namespace primocane
