// SPDX-License-Identifier: Apache-2.0
// Whether a new tip descends from the applied commit is seen however a server speaks and however
// many commits lie between the two.
#include "git_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

namespace {

// In what servers differ for a fetch.
struct ServerKind {
  std::string_view name;
  GitDialect dialect;
  bool has_filter;
};

ServerKind any_kind() {
  return GENERATE(ServerKind{"v2 with filter", GitDialect::v2, true},
                  ServerKind{"v2 without filter", GitDialect::v2, false},
                  ServerKind{"v0 with filter", GitDialect::v0, true},
                  ServerKind{"v0 without filter", GitDialect::v0, false});
}

// A history of 300 commits in the mirror of an agent that looks 200 deep; the last one is applied.
CommitId follow(GitWorld& world, const ServerKind& kind) {
  if (!kind.has_filter) world.remote().git("config uploadpack.allowFilter false");
  world.dialect = kind.dialect;
  world.settings.depth_max = 200;
  world.start();
  world.commit("old");
  world.remote().commit_many(300);
  CommitId applied = world.commit("applied");
  REQUIRE(world.update().has_value());
  REQUIRE(world.on_disk() == applied);
  return applied;
}

}  // namespace

TEST_CASE("a tip is taken that descends from the applied commit over many others", "[native]") {
  const ServerKind kind = any_kind();
  CAPTURE(kind.name);
  GitWorld world;
  const CommitId applied = follow(world, kind);
  world.remote().commit_many(150);
  const CommitId tip = world.commit("new");

  const auto updated = world.update(applied);

  REQUIRE(updated.has_value());
  CHECK(updated->commit == tip);
  CHECK(world.read(tip) == "new");
}

TEST_CASE("a tip is refused that may descend from the applied commit beyond the depth limit",
          "[native]") {
  const ServerKind kind = any_kind();
  CAPTURE(kind.name);
  GitWorld world;
  const CommitId applied = follow(world, kind);
  world.remote().commit_many(250);
  const CommitId tip = world.commit("new");

  const auto refused = world.update(applied);

  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::denied);
  CHECK(world.on_disk() == applied);
  CHECK(world.read(applied) == "applied");
  REQUIRE(world.update(applied, Rewrite::accept).has_value());
  CHECK(world.on_disk() == tip);
}

TEST_CASE("a tip is taken although commits on the way to it are larger than a pack may be",
          "[native]") {
  const ServerKind kind = any_kind();
  CAPTURE(kind.name);
  GitWorld world;
  const CommitId applied = follow(world, kind);
  world.settings.pack_max = ByteCount(100'000);
  world.start();
  std::string large;
  for (int i = 0; i < 40'000; ++i) large += fmt::format("{:x}", i * 7919);
  world.commit(large);
  REQUIRE_FALSE(world.update(applied).has_value());
  const CommitId tip = world.commit("small");

  // Without filter the descent can't be seen but in the content.
  const auto updated = world.update(applied, kind.has_filter ? Rewrite::refuse : Rewrite::accept);

  REQUIRE(updated.has_value());
  CHECK(world.read(tip) == "small");
}

TEST_CASE("a tip is refused that does not descend from the applied commit, until it is accepted",
          "[native]") {
  const ServerKind kind = any_kind();
  CAPTURE(kind.name);
  GitWorld world;
  const CommitId applied = follow(world, kind);
  CommitOptions rewrite;
  rewrite.parents = std::vector<CommitId>{
      CommitId::parse(world.remote().git("rev-parse main~3").substr(0, 40)).value()};
  const CommitId tip = world.remote().commit(
      {.files = {{"a.yaml", "rewritten"}}, .links = {}, .submodules = {}}, rewrite);

  const auto refused = world.update(applied);

  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::denied);
  CHECK(world.on_disk() == applied);
  REQUIRE(world.update(applied, Rewrite::accept).has_value());
  CHECK(world.on_disk() == tip);
  CHECK(world.read(tip) == "rewritten");
}

}  // namespace primocane
