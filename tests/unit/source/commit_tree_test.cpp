// SPDX-License-Identifier: Apache-2.0
// What only a commit can hold, and mirrors that are damaged.
#include "source/commit_tree.hpp"

#include "support/git_fixture.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace primocane {

namespace {

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

void remove_object(const GitFixture& repository, std::string id) {
  id.resize(40);
  std::filesystem::remove(repository.path() + "/objects/" + id.substr(0, 2) + "/" + id.substr(2));
}

}  // namespace

TEST_CASE("a commit that is not in the mirror is invalid") {
  const TemporaryFolder folder;
  GitFixture repository(folder / "mirror.git");
  repository.commit({.files = {{"a.yaml", "x"}}, .links = {}, .submodules = {}});
  const CommitId other = CommitId::parse(std::string(40, '1')).value();
  CHECK(open_commit_tree(repository.path(), other).error().kind == ErrorKind::invalid);
  CHECK(open_commit_tree(folder / "gone.git", other).error().kind == ErrorKind::invalid);
}

TEST_CASE("a lost object is an error and never an empty place") {
  const TemporaryFolder folder;
  GitFixture repository(folder / "mirror.git");
  const CommitId commit = repository.commit(
      {.files = {{"apps/a.yaml", "x"}, {"b.yaml", "y"}}, .links = {}, .submodules = {}});
  // Small imports are stored as loose objects.
  remove_object(repository, repository.git("rev-parse main:apps"));
  remove_object(repository, repository.git("rev-parse main:b.yaml"));
  const auto tree = open_commit_tree(repository.path(), commit);
  REQUIRE(tree.has_value());
  CHECK((*tree)->kind(at("apps")) == EntryKind::folder);
  CHECK((*tree)->list(at("apps")).error().kind == ErrorKind::unavailable);
  CHECK((*tree)->kind(at("apps/a.yaml")).error().kind == ErrorKind::unavailable);
  CHECK((*tree)->read(at("apps/a.yaml"), ByteCount(10)).error().kind == ErrorKind::unavailable);
  CHECK((*tree)->read(at("b.yaml"), ByteCount(10)).error().kind == ErrorKind::unavailable);
}

TEST_CASE("names that git itself would not write are refused") {
  const TemporaryFolder folder;
  GitFixture repository(folder / "mirror.git");
  using namespace std::string_literals;
  std::ofstream(folder / "tree") << "100644 ../evil\0"s << std::string(20, '\x11');
  const std::string tree_id =
      repository.git("hash-object -w -t tree --literally " + (folder / "tree"));
  const CommitId commit =
      CommitId::parse(repository
                          .git("-c user.name=t -c user.email=t@example.org commit-tree -m x " +
                               tree_id.substr(0, 40))
                          .substr(0, 40))
          .value();
  const auto tree = open_commit_tree(repository.path(), commit);
  REQUIRE(tree.has_value());
  CHECK((*tree)->list(at("")).error().kind == ErrorKind::invalid);
}

}  // namespace primocane
