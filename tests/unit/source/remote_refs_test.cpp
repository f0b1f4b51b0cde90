// SPDX-License-Identifier: Apache-2.0
// The answer to ls-refs, recorded from git 2.39 and as hostile servers might send it.
#include "source/remote_refs.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

namespace {

const std::string first(40, '1');
const std::string second(40, '2');

Result<RemoteRefs> read(const std::string& answer, std::vector<std::string> names,
                        std::size_t piece = 7) {
  LsRefsReader reader(std::move(names));
  for (std::size_t at = 0; at < answer.size(); at += piece) {
    TRY(reader.add(std::string_view(answer).substr(at, piece)));
  }
  if (!reader.is_complete()) return fail(ErrorKind::unavailable, "cut");
  return reader.take_refs();
}

std::string line(std::string_view text) { return pkt_line(std::string(text) + "\n"); }

}  // namespace

TEST_CASE("a poll asks for its branch and nothing that a server might not know") {
  CHECK(ls_refs_request({"refs/heads/main"}) ==
        "0014command=ls-refs\n00010009peel\n001fref-prefix refs/heads/main\n0000");
}

TEST_CASE("only the refs that were asked for are kept") {
  const std::string answer = line(first + " refs/heads/main") +
                             line(second + " refs/heads/main-2") + line(second + " HEAD") + "0000";
  const auto refs = read(answer, {"refs/heads/main"});
  REQUIRE(refs.has_value());
  REQUIRE(refs->size() == 1);
  CHECK(refs->at("refs/heads/main").commit.str() == first);
}

TEST_CASE("a tag stands for what it points to") {
  const auto refs = read(line(first + " refs/tags/v1 peeled:" + second) + "0000", {"refs/tags/v1"});
  REQUIRE(refs.has_value());
  CHECK(refs->at("refs/tags/v1").commit.str() == second);
  CHECK(refs->at("refs/tags/v1").tag.value().str() == first);
}

TEST_CASE("all refs below a name that ends in a slash are kept") {
  const auto refs = read(line(first + " refs/tags/v1") + line(first + " refs/tags/v2") +
                             line(second + " refs/tagsX") + "0000",
                         {"refs/tags/"});
  REQUIRE(refs.has_value());
  CHECK(refs->size() == 2);
  CHECK_FALSE(refs->at("refs/tags/v1").tag.has_value());
}

TEST_CASE("attributes beside the peeled object are passed over") {
  const auto refs = read(line("unborn HEAD symref-target:refs/heads/x") +
                             line(first + " HEAD symref-target:refs/heads/main peeled:" + second),
                         {"HEAD"});
  REQUIRE_FALSE(refs.has_value());
  CHECK(refs.error().kind == ErrorKind::unavailable);
  const auto whole =
      read(line("unborn HEAD symref-target:refs/heads/x") +
               line(first + " HEAD symref-target:refs/heads/main peeled:" + second) + "0000",
           {"HEAD"});
  REQUIRE(whole.has_value());
  CHECK(whole->at("HEAD").commit.str() == second);
}

TEST_CASE("an empty answer has no refs") {
  const auto refs = read("0000", {"refs/heads/main"});
  REQUIRE(refs.has_value());
  CHECK(refs->empty());
}

TEST_CASE("what the server refuses is told in its words and sorted by what to do next") {
  const auto kind_of = [](std::string_view words) {
    return read(pkt_line("ERR " + std::string(words)), {}).error().kind;
  };
  CHECK(kind_of("access denied or repository not exported: /a") == ErrorKind::denied);
  CHECK(kind_of("Repository not found.") == ErrorKind::denied);
  CHECK(kind_of("upload-pack: not our ref " + first) == ErrorKind::conflict);
  CHECK(kind_of("mismatched object format: server sha256; client sha1") == ErrorKind::invalid);
  CHECK(kind_of("out of memory") == ErrorKind::unavailable);
  const auto refs = read(pkt_line("ERR evil\x1b[2J\nline"), {});
  REQUIRE_FALSE(refs.has_value());
  CHECK(refs.error().message.find('\x1b') == std::string::npos);
  CHECK(refs.error().message.find('\n') == std::string::npos);
}

TEST_CASE("what is no list of refs is invalid") {
  const std::string sha256(64, 'a');
  for (const std::string& answer :
       {std::string("<html>"), line("x"), line(first), line(first + " "),
        line(first.substr(1) + " a"), std::string("0001"), line(sha256 + " refs/heads/main"),
        "0000" + line(first + " a"), line(first + " refs/tags/v1 peeled:x") + "0000", line("")}) {
    INFO(answer);
    const auto refs = read(answer, {"refs/tags/v1"});
    REQUIRE_FALSE(refs.has_value());
    CHECK(refs.error().kind == ErrorKind::invalid);
  }
  CHECK(read(line(sha256 + " refs/heads/main"), {}).error().message.find("SHA-256") !=
        std::string::npos);
}

}  // namespace primocane
