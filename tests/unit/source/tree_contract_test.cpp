// SPDX-License-Identifier: Apache-2.0
// What every SourceTree promises, held against memory, a folder and a commit.
#include "base/unique_fd.hpp"
#include "source/bundle_tree.hpp"
#include "source/commit_tree.hpp"
#include "source/folder_tree.hpp"
#include "support/git_fixture.hpp"
#include "support/memory_tree.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace primocane {

namespace {

enum class TreeKind : std::uint8_t { memory, folder, commit, bundle };

constexpr ByteCount limit{1000};

// The same content as one of the trees.
class Tree {
 public:
  Tree(TreeKind kind, const TreeContent& content) {
    switch (kind) {
      case TreeKind::memory:
        tree_ = make_memory_tree(content);
        break;
      case TreeKind::folder:
        write_folder(content);
        tree_ = open_folder_tree(folder_.path()).value();
        break;
      case TreeKind::commit: {
        GitFixture repository(folder_ / "mirror.git");
        const CommitId commit = repository.commit(content);
        tree_ = open_commit_tree(repository.path(), commit).value();
        break;
      }
      case TreeKind::bundle: {
        GitFixture repository(folder_ / "mirror.git");
        const CommitId commit = repository.commit(content);
        const auto stored = open_stored_commit(repository.path(), commit).value();
        std::ofstream file(folder_ / "bundle", std::ios::binary);
        const auto take = [&file](std::string_view piece) -> Result<void> {
          file << piece;
          return {};
        };
        REQUIRE(write_bundle(*stored, ByteCount(100'000), take));
        file.close();
        tree_ = open_bundle_tree(UniqueFd(::open((folder_ / "bundle").c_str(), O_RDONLY)), [] {
                }).value();
        break;
      }
    }
  }

  const SourceTree* operator->() const { return tree_.get(); }

 private:
  void write_folder(const TreeContent& content) {
    namespace fs = std::filesystem;
    for (const auto& [path, text] : content.files) {
      fs::create_directories(fs::path(folder_ / path).parent_path());
      std::ofstream(folder_ / path) << text;
    }
    for (const auto& [path, target] : content.links) {
      fs::create_directories(fs::path(folder_ / path).parent_path());
      fs::create_symlink(target, folder_ / path);
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<SourceTree> tree_;
};

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

TreeKind any_kind() {
  return GENERATE(TreeKind::memory, TreeKind::folder, TreeKind::commit, TreeKind::bundle);
}

TreeContent home_lab() {
  return {.files = {{"apps/a.yaml", "a: 1\n"},
                    {"apps/sub/b.yaml", "b: 1\n"},
                    {"apps-extra/c.yaml", "c: 1\n"},
                    {"empty.yaml", ""}},
          .links = {{"apps/link.yaml", "sub/b.yaml"},
                    {"apps/up", "../apps-extra"},
                    {"apps/loop", "loop"},
                    {"apps/nowhere", "gone.yaml"},
                    {"apps/outside", "../../etc/passwd"},
                    {"apps/absolute", "/etc/passwd"},
                    {"chain", "apps/up/c.yaml"}},
          .submodules = {}};
}

}  // namespace

TEST_CASE("a tree says what lies at a path") {
  const Tree tree(any_kind(), home_lab());
  CHECK(tree->kind(at("")) == EntryKind::folder);
  CHECK(tree->kind(at("apps")) == EntryKind::folder);
  CHECK(tree->kind(at("apps/a.yaml")) == EntryKind::file);
  CHECK(tree->kind(at("apps/b.yaml")) == EntryKind::absent);
  CHECK(tree->kind(at("apps/a.yaml/x")) == EntryKind::absent);
  CHECK(tree->kind(at("gone/x/y")) == EntryKind::absent);
}

TEST_CASE("a folder is listed in the order of the bytes of its names") {
  const Tree tree(any_kind(), home_lab());
  const auto root = tree->list(at(""));
  REQUIRE(root.has_value());
  CHECK(*root == std::vector<TreeEntry>{{"apps", EntryKind::folder},
                                        {"apps-extra", EntryKind::folder},
                                        {"chain", EntryKind::file},
                                        {"empty.yaml", EntryKind::file}});
  const auto apps = tree->list(at("apps"));
  REQUIRE(apps.has_value());
  CHECK(*apps == std::vector<TreeEntry>{{"a.yaml", EntryKind::file},
                                        {"absolute", EntryKind::symlink},
                                        {"link.yaml", EntryKind::file},
                                        {"loop", EntryKind::symlink},
                                        {"nowhere", EntryKind::symlink},
                                        {"outside", EntryKind::symlink},
                                        {"sub", EntryKind::folder},
                                        {"up", EntryKind::folder}});
}

TEST_CASE("a file is read as it is") {
  const Tree tree(any_kind(), home_lab());
  CHECK(tree->read(at("apps/a.yaml"), limit) == "a: 1\n");
  CHECK(tree->read(at("empty.yaml"), limit) == "");
}

TEST_CASE("symlinks are followed inside the tree") {
  const Tree tree(any_kind(), home_lab());
  CHECK(tree->read(at("apps/link.yaml"), limit) == "b: 1\n");
  CHECK(tree->read(at("apps/up/c.yaml"), limit) == "c: 1\n");
  CHECK(tree->read(at("chain"), limit) == "c: 1\n");
  CHECK(tree->kind(at("apps/up")) == EntryKind::folder);
  CHECK(tree->kind(at("apps/nowhere")) == EntryKind::absent);
  CHECK(tree->list(at("apps/up")).value() == std::vector<TreeEntry>{{"c.yaml", EntryKind::file}});
}

TEST_CASE("a symlink that leaves the tree, or leads in circles, is invalid") {
  const Tree tree(any_kind(), home_lab());
  for (const std::string_view path : {"apps/outside", "apps/absolute", "apps/loop"}) {
    INFO(path);
    CHECK(tree->kind(at(path)).error().kind == ErrorKind::invalid);
    CHECK(tree->read(at(path), limit).error().kind == ErrorKind::invalid);
    CHECK(tree->list(at(path)).error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("forty symlinks are followed and one more is not") {
  TreeContent content{.files = {{"end", "x"}}, .links = {{"l1", "end"}}, .submodules = {}};
  for (int i = 2; i <= 41; ++i)
    content.links["l" + std::to_string(i)] = "l" + std::to_string(i - 1);
  const Tree tree(any_kind(), content);
  CHECK(tree->read(at("l40"), limit) == "x");
  CHECK(tree->read(at("l41"), limit).error().kind == ErrorKind::invalid);
}

TEST_CASE("what is not there, or something else, is invalid") {
  const Tree tree(any_kind(), home_lab());
  CHECK(tree->read(at("apps"), limit).error().kind == ErrorKind::invalid);
  CHECK(tree->read(at("gone"), limit).error().kind == ErrorKind::invalid);
  CHECK(tree->list(at("apps/a.yaml")).error().kind == ErrorKind::invalid);
  CHECK(tree->list(at("gone")).error().kind == ErrorKind::invalid);
}

TEST_CASE("a file over the limit is invalid and one at it is read") {
  const Tree tree(any_kind(),
                  {.files = {{"at", std::string(1000, 'x')}, {"over", std::string(1001, 'x')}},
                   .links = {},
                   .submodules = {}});
  CHECK(tree->read(at("at"), limit)->size() == 1000);
  CHECK(tree->read(at("over"), limit).error().kind == ErrorKind::invalid);
}

TEST_CASE("a pointer of Git LFS is a clear error") {
  const Tree tree(
      any_kind(),
      {.files = {{"a.yaml", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"}},
       .links = {},
       .submodules = {}});
  const auto content = tree->read(at("a.yaml"), limit);
  REQUIRE_FALSE(content.has_value());
  CHECK(content.error().kind == ErrorKind::invalid);
  CHECK(content.error().message.find("LFS") != std::string::npos);
}

TEST_CASE("a submodule is a clear error where something in it is needed") {
  const TreeKind kind = GENERATE(TreeKind::memory, TreeKind::commit, TreeKind::bundle);
  const Tree tree(kind, {.files = {{"a.yaml", ""}},
                         .links = {},
                         .submodules = {{"vendor/lib", std::string(40, '1')}}});
  CHECK(tree->kind(at("vendor/lib")) == EntryKind::submodule);
  CHECK(tree->kind(at("vendor/lib/x.yaml")) == EntryKind::submodule);
  CHECK(tree->list(at("vendor")).value() == std::vector<TreeEntry>{{"lib", EntryKind::submodule}});
  for (const std::string_view path : {"vendor/lib", "vendor/lib/x.yaml"}) {
    const auto content = tree->read(at(path), limit);
    REQUIRE_FALSE(content.has_value());
    CHECK(content.error().kind == ErrorKind::invalid);
    CHECK(content.error().message.find("submodule") != std::string::npos);
  }
}

}  // namespace primocane
