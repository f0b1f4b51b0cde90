// SPDX-License-Identifier: Apache-2.0
// Which of a remote's refs is followed, and what Flux calls it.
#include "source/git_reference.hpp"

#include "git_world.hpp"
#include "source/revision.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <string>

namespace primocane {

namespace {

CommitId digits(char digit) { return CommitId::parse(std::string(40, digit)).value(); }

// The label and the commit's digit of what is followed: "v1.2.3 2".
std::string followed(const GitReference& reference, const RemoteRefs& refs) {
  const auto tips = find_tips(reference, refs);
  if (!tips) return tips.error().message;
  std::string text;
  for (const ReferenceTip& tip : *tips) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", tip.label, tip.commit.str()[0]);
  }
  return text;
}

RemoteRefs refs_of(std::initializer_list<std::pair<const char*, char>> refs) {
  RemoteRefs all;
  for (const auto& [name, digit] : refs) all.insert_or_assign(name, RemoteRef{digits(digit)});
  return all;
}

// A world with an annotated and a plain tag, a pull request and two branches.
struct World : GitWorld {
  explicit World(GitDialect spoken = GitDialect::v2) {
    dialect = spoken;
    first = commit("one");
    remote().git("tag v1.0.0 " + first.str());
    second = commit("two");
    remote().git("-c user.name=a -c user.email=a@b tag -a -m x v1.1.0 " + second.str());
    third = commit("three");
    remote().git("tag v2.0.0-rc.1 " + third.str());
    remote().git("tag nonsense " + third.str());
    remote().git("update-ref refs/pull/7/head " + first.str());
  }

  std::string follow(GitReference reference) {
    settings.reference = std::move(reference);
    start();
    const auto updated = update();
    return updated ? to_string(*updated) : updated.error().message;
  }
  std::string at(const char* label, const CommitId& commit) {
    return fmt::format("{}@sha1:{}", label, commit.str());
  }

  CommitId first = digits('0');
  CommitId second = digits('0');
  CommitId third = digits('0');
};

GitDialect any_dialect() { return GENERATE(GitDialect::v2, GitDialect::v0); }

}  // namespace

TEST_CASE("of several references that are given the one counts that counts in Flux") {
  const RemoteRefs refs = refs_of({{"refs/heads/main", '1'},
                                   {"refs/tags/t", '2'},
                                   {"refs/tags/1.0.0", '3'},
                                   {"refs/pull/1/head", '4'}});
  GitReference reference{.branch = "main"};
  CHECK(followed(reference, refs) == "main 1");
  reference.semver = "1.x";
  CHECK(followed(reference, refs) == "1.0.0 3");
  reference.tag = "t";
  CHECK(followed(reference, refs) == "t 2");
  reference.name = "refs/pull/1/head";
  CHECK(followed(reference, refs) == "refs/pull/1/head 4");
  reference.commit = std::string(40, 'A');
  CHECK(followed(reference, refs) == "refs/pull/1/head a");
  reference.name = {};
  CHECK(followed(reference, refs) == "main a");
}

TEST_CASE("a range follows the newest tag in it, and names all that are as new") {
  const RemoteRefs refs = refs_of({{"refs/tags/v1.2.0", '1'},
                                   {"refs/tags/1.10.0+a", '2'},
                                   {"refs/tags/1.10.0+b", '3'},
                                   {"refs/tags/1.11.0-rc.1", '4'},
                                   {"refs/tags/v3", '5'},
                                   {"refs/heads/9.0.0", '6'}});
  CHECK(followed({.semver = ">=1.0.0"}, refs) == "1.10.0+a 2, 1.10.0+b 3");
  CHECK(followed({.semver = ">=1.0.0-0"}, refs) == "1.11.0-rc.1 4");
  CHECK(followed({.semver = "~1.2"}, refs) == "v1.2.0 1");
  CHECK(followed({.semver = "3.x"}, refs) == "has no tag in the range 3.x");
}

TEST_CASE("a reference that can't be of a repository is invalid") {
  for (const GitReference& reference :
       {GitReference{.branch = ""}, GitReference{.branch = "a b"}, GitReference{.tag = "-^"},
        GitReference{.semver = "latest"}, GitReference{.name = "main"},
        GitReference{.name = "refs/../x"}, GitReference{.commit = "abc"}}) {
    CAPTURE(to_string(reference));
    const auto checked = check_reference(reference);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().kind == ErrorKind::invalid);
  }
  CHECK(check_reference({.name = "HEAD"}).has_value());
  CHECK(check_reference({.name = "refs/tags/v1^{}"}).has_value());
}

TEST_CASE("any ref of a remote can be followed", "[native]") {
  World world(any_dialect());
  CHECK(world.follow({.branch = "main"}) == world.at("main", world.third));
  CHECK(world.follow({.tag = "v1.0.0"}) == world.at("v1.0.0", world.first));
  CHECK(world.follow({.tag = "v1.1.0"}) == world.at("v1.1.0", world.second));
  CHECK(world.follow({.semver = "1.x"}) == world.at("v1.1.0", world.second));
  CHECK(world.follow({.semver = ">=1.0.0-0"}) == world.at("v2.0.0-rc.1", world.third));
  CHECK(world.follow({.name = "refs/pull/7/head"}) == world.at("refs/pull/7/head", world.first));
  CHECK(world.follow({.name = "refs/tags/v1.1.0^{}"}) ==
        world.at("refs/tags/v1.1.0^{}", world.second));
  CHECK(world.follow({.name = "HEAD"}) == world.at("HEAD", world.third));
  CHECK(world.read(world.third) == "three");
}

TEST_CASE("a commit is followed without a branch, and asked for once", "[native]") {
  World world;
  CHECK(world.follow({.commit = world.first.str()}) == "sha1:" + world.first.str());
  CHECK(world.read(world.first) == "one");
  const std::size_t asked = world.git().messages.size();
  CHECK(world.update().has_value());
  CHECK(world.git().messages.size() == asked);
  CHECK(world.on_disk() == world.first);
  CHECK(world.follow({.branch = "main", .commit = world.first.str()}) ==
        world.at("main", world.first));
}

TEST_CASE("a ref that does not exist is invalid and names what was looked for", "[native]") {
  World world;
  CHECK(world.follow({.tag = "v9"}) == "https://git.example.org/lab.git has no tag v9");
  CHECK(world.follow({.semver = "9.x"}) ==
        "https://git.example.org/lab.git has no tag in the range 9.x");
}

TEST_CASE("a tag that is moved is followed, though its history does not go on", "[native]") {
  World world;
  world.follow({.tag = "v1.1.0"});
  world.remote().git("tag -f v1.1.0 " + world.first.str());
  const auto moved = world.update(world.second, Rewrite::refuse);
  REQUIRE(moved.has_value());
  CHECK(moved->commit == world.first);
}

TEST_CASE("what is on disk is what is followed", "[native]") {
  World world;
  world.follow({.semver = "1.0.x"});
  world.start();
  CHECK(world.on_disk() == world.first);
  world.settings.reference = {.semver = "2.x"};
  world.start();
  CHECK_FALSE(world.on_disk().has_value());
}

TEST_CASE("a new tag on the commit that is here gives its revision another name", "[native]") {
  World world;
  world.follow({.semver = "1.x"});
  world.remote().git("tag v1.2.0 " + world.second.str());
  CHECK(to_string(world.update().value()) == world.at("v1.2.0", world.second));
  world.start();
  CHECK(to_string(world.repository().on_disk()->value()) == world.at("v1.2.0", world.second));
}

TEST_CASE("of versions that differ in their build alone the one made last is followed",
          "[native]") {
  World world(any_dialect());
  const bool has_filter = GENERATE(true, false);
  if (!has_filter) world.remote().git("config uploadpack.allowFilter false");
  const auto tagged = [&](const char* tag, std::int64_t time) {
    const CommitId made = world.remote().commit(
        {.files = {{"a.yaml", tag}}, .links = {}, .submodules = {}}, {.time = time});
    world.remote().git(fmt::format("tag {} {}", tag, made.str()));
    return made;
  };
  tagged("3.0.0+c", 1'700'000'010);
  const CommitId last = tagged("3.0.0+a", 1'700'000'030);
  tagged("3.0.0+b", 1'700'000'020);
  CHECK(world.follow({.semver = "3.x"}) == world.at("3.0.0+a", last));
  CHECK(world.read(last) == "3.0.0+a");
  const std::size_t asked = world.git().messages.size();
  CHECK(world.update().has_value());
  CHECK(world.git().messages.size() - asked <= 1);
}

}  // namespace primocane
