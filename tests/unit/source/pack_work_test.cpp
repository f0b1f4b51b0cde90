// SPDX-License-Identifier: Apache-2.0
// What passes between the agent and the child that works on packs.
#include "source/pack_work.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

namespace primocane {

namespace {

CommitId commit_of(char digit) { return CommitId::parse(std::string(40, digit)).value(); }

}  // namespace

TEST_CASE("requests and answers are read back as they were written") {
  for (const PackRequest& request :
       {PackRequest(IndexPack{.tip = commit_of('1'),
                              .look_for = {commit_of('2'), commit_of('3')},
                              .pack_max = ByteCount(5),
                              .objects_max = 6}),
        PackRequest(CheckCommit{
            .commit = commit_of('1'), .depth = CheckDepth::content, .blob_max = ByteCount(7)}),
        PackRequest(BundleCommit{.commit = commit_of('4'), .file_max = ByteCount(8)}),
        PackRequest(BundlePart{
            .place = TreePlace::commit,
            .commit = commit_of('5'),
            .shape =
                TreeShape{.sparse = {"apps"}, .ignore = "*.md\n", .defaults = IgnoreDefaults::yes},
            .part = RelativePath::parse("a/b").value(),
            .file_max = ByteCount(9)}),
        PackRequest(BundlePart{.place = TreePlace::folder,
                               .commit = {},
                               .shape = {},
                               .part = {},
                               .file_max = ByteCount(9)}),
        PackRequest(ComposeCommit{.commit = commit_of('6'),
                                  .sparse = {"apps", "b"},
                                  .additions = {{.role = TreeAddition::Role::submodule,
                                                 .from = {},
                                                 .at = RelativePath::parse("lib/\xff").value()},
                                                {.role = TreeAddition::Role::inclusion,
                                                 .from = RelativePath::parse("x").value(),
                                                 .at = RelativePath::parse("y/z").value()}},
                                  .file_max = ByteCount(10)}),
        PackRequest(ListSubmodules{.commit = commit_of('7'), .sparse = {"apps"}}),
        PackRequest(ListSubmodules{})}) {
    const std::string line = write_pack_request(request);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(read_pack_request(line) == request);
  }
  for (const PackAnswer& answer :
       {PackAnswer(IndexedPack{.name = std::string(40, 'a'),
                               .objects = 1,
                               .pack_size = ByteCount(2),
                               .index_size = ByteCount(3),
                               .distances = {0, std::nullopt, 7},
                               .is_cut = true,
                               .committed_at = WallTime(std::chrono::seconds(5))}),
        PackAnswer(CompleteCommit{WallTime(std::chrono::seconds(1'700'000'000))}),
        PackAnswer(IncompleteCommit{"a file is missing"}), PackAnswer(SubmoduleList{}),
        PackAnswer(SubmoduleList{{{.path = RelativePath::parse("lib/\xff").value(),
                                   .url = "../\xff.git",
                                   .commit = commit_of('8')}}}),
        PackAnswer(Error{ErrorKind::unavailable, "the disk is full"})}) {
    CHECK(read_pack_answer(write_pack_answer(answer)) == answer);
  }
}

TEST_CASE("an odd answer of the child is invalid") {
  const std::string id(40, 'a');
  for (
      const std::string& line :
      {std::string(), std::string("x"), std::string("[]"), std::string("{}"),
       std::string(
           R"({"pack":"../../x","objects":1,"packSize":1,"indexSize":1,"distances":[],"isCut":true})"),
       R"({"pack":")" + id +
           R"(","objects":-1,"packSize":1,"indexSize":1,"distances":[],"isCut":true})",
       R"({"pack":")" + id +
           R"(","objects":1,"packSize":1,"indexSize":1,"distances":["x"],"isCut":true})",
       R"({"pack":")" + id + R"(","objects":1,"packSize":1,"indexSize":1,"distances":[]})",
       std::string(R"({"error":"strange","message":"x"})"), std::string(R"({"submodules":{}})"),
       std::string(R"({"submodules":[{"path":"Li4="}]})"),
       R"({"submodules":[{"path":"Li4vYQ==","url":"","commit":")" + id + R"("}]})",
       R"({"submodules":[{"path":"","url":"","commit":")" + id + R"("}]})",
       std::string(R"({"committedAt":1e3})")}) {
    INFO(line);
    CHECK(read_pack_answer(line).error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a commit from the far future does not overflow the clock") {
  const auto answer = read_pack_answer(R"({"committedAt":18446744073709551615})");
  REQUIRE(answer.has_value());
  CHECK(std::get<CompleteCommit>(*answer).committed_at > WallTime{});
}

TEST_CASE("the child's words are fit for a message") {
  const auto answer = read_pack_answer(R"({"error":"invalid","message":"a\u001b[2Jb"})");
  REQUIRE(answer.has_value());
  CHECK(std::get<Error>(*answer).message == "a?[2Jb");
}

}  // namespace primocane
