// SPDX-License-Identifier: Apache-2.0
// How a mirror is kept small.
#include "source/mirror_growth.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

namespace {

CommitId commit_of(char digit) { return CommitId::parse(std::string(40, digit)).value(); }

MirrorPack pack(char digit, std::uint64_t size) {
  return {std::string(40, digit), ByteCount(size), ByteCount(1)};
}

MirrorTip tip(char commit, std::vector<MirrorPack> packs) {
  return {.remote = "https://example.org/a",
          .branch = "main",
          .commit = commit_of(commit),
          .committed_at = {},
          .descends_from = {},
          .base = commit_of(commit),
          .packs = std::move(packs),
          .shallow = {commit_of(commit)}};
}

constexpr std::uint64_t mebibyte = 1024UL * 1024;

}  // namespace

TEST_CASE("a fetch builds on the tip while its packs are few") {
  MirrorTip last = tip('2', {pack('a', 1000), pack('b', 10)});
  last.base = commit_of('1');
  CHECK(commit_to_build_on(last) == commit_of('2'));
}

TEST_CASE("after twenty packs a fetch builds on the base again, and replaces them") {
  MirrorTip last = tip('2', std::vector<MirrorPack>(21, pack('b', 10)));
  last.base = commit_of('1');
  last.packs.front() = pack('a', 1000);
  CHECK(commit_to_build_on(last) == commit_of('1'));
  const MirrorTip next = grown(last, tip('3', {pack('c', 50)}), commit_of('1'));
  CHECK(next.packs == std::vector<MirrorPack>{pack('a', 1000), pack('c', 50)});
  CHECK(next.base == commit_of('1'));
}

TEST_CASE("packs that have outgrown the base are replaced by all anew") {
  const MirrorTip small = tip('2', {pack('a', 1000), pack('b', 17 * mebibyte)});
  CHECK_FALSE(commit_to_build_on(small).has_value());
  const MirrorTip large = tip('2', {pack('a', 100 * mebibyte), pack('b', 17 * mebibyte)});
  CHECK(commit_to_build_on(large) == commit_of('2'));
  const MirrorTip next = grown(large, tip('3', {pack('c', 50)}), std::nullopt);
  CHECK(next.packs == std::vector<MirrorPack>{pack('c', 50)});
  CHECK(next.base == commit_of('3'));
  CHECK(next.shallow == std::vector<CommitId>{commit_of('3')});
}

TEST_CASE("a pack on top of the tip is added") {
  MirrorTip last = tip('2', {pack('a', 1000), pack('b', 10)});
  last.base = commit_of('1');
  const MirrorTip next = grown(last, tip('3', {pack('c', 10)}), commit_of('2'));
  CHECK(next.commit == commit_of('3'));
  CHECK(next.base == commit_of('1'));
  CHECK(next.packs == std::vector<MirrorPack>{pack('a', 1000), pack('b', 10), pack('c', 10)});
  CHECK(next.shallow == std::vector<CommitId>{commit_of('2'), commit_of('3')});
  CHECK(grown(last, tip('3', {pack('b', 10)}), commit_of('2')).packs.size() == 2);
}

TEST_CASE("of other commits the last three are kept") {
  MirrorState state;
  for (const char digit : {'1', '2', '3', '2', '4'}) {
    state = with_extra(std::move(state), {commit_of(digit), {}, pack(digit, 1)});
  }
  REQUIRE(state.extras.size() == 3);
  CHECK(state.extras[0].commit == commit_of('3'));
  CHECK(state.extras[1].commit == commit_of('2'));
  CHECK(state.extras[2].commit == commit_of('4'));
}

}  // namespace primocane
