// SPDX-License-Identifier: Apache-2.0
// The file that says what a mirror holds.
#include "source/mirror_state.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

namespace primocane {

namespace {

CommitId commit_of(char digit) { return CommitId::parse(std::string(40, digit)).value(); }

MirrorState example() {
  const MirrorPack first{std::string(40, 'a'), ByteCount(1000), ByteCount(100)};
  const MirrorPack second{std::string(40, 'b'), ByteCount(2000), ByteCount(200)};
  return {.tip = MirrorTip{.remote = "https://example.org/a",
                           .branch = "main",
                           .commit = commit_of('2'),
                           .committed_at = WallTime(std::chrono::seconds(1'700'000'000)),
                           .descends_from = commit_of('1'),
                           .base = commit_of('1'),
                           .packs = {first, second},
                           .shallow = {commit_of('1')}},
          .extras = {{commit_of('3'), WallTime(std::chrono::seconds(1)), second}}};
}

}  // namespace

TEST_CASE("a state is read back as it was written") {
  CHECK(read_mirror_state(write_mirror_state(example())) == example());
  CHECK(read_mirror_state(write_mirror_state({})) == MirrorState{});
  MirrorState state = example();
  state.tip->descends_from.reset();
  CHECK(read_mirror_state(write_mirror_state(state)) == state);
}

TEST_CASE("each needed pack is named once") {
  CHECK(packs_of(example()).size() == 2);
  CHECK(packs_of({}).empty());
}

TEST_CASE("a state that was cut or changed is invalid") {
  const std::string text = write_mirror_state(example());
  for (std::size_t length = 0; length + 1 < text.size(); length += 17) {
    CHECK_FALSE(read_mirror_state(text.substr(0, length)).has_value());
  }
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return read_mirror_state(changed);
  };
  CHECK_FALSE(with("\"version\": 1", "\"version\": 2").has_value());
  CHECK_FALSE(with(std::string(40, 'a'), "../../../../etc/passwd").has_value());
  CHECK_FALSE(with("1000", "-1").has_value());
  CHECK_FALSE(with("1000", "1.5").has_value());
  CHECK_FALSE(with("\"packs\"", "\"pack\"").has_value());
  CHECK_FALSE(with(std::string(40, '2'), std::string(39, '2')).has_value());
}

}  // namespace primocane
