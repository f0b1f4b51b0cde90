// SPDX-License-Identifier: Apache-2.0
// What only a folder can hold.
#include "source/folder_tree.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <sys/stat.h>

namespace primocane {

namespace {

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

}  // namespace

TEST_CASE("a folder that is not there, or is a file, is invalid") {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK(open_folder_tree(folder / "gone").error().kind == ErrorKind::invalid);
  CHECK(open_folder_tree(folder / "file").error().kind == ErrorKind::invalid);
}

TEST_CASE("a pipe or a device is listed but neither waited for nor read") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe.yaml").c_str(), 0600) == 0);
  const auto tree = open_folder_tree(folder.path());
  REQUIRE(tree.has_value());
  CHECK((*tree)->list(at("")).value() == std::vector<TreeEntry>{{"pipe.yaml", EntryKind::file}});
  CHECK((*tree)->read(at("pipe.yaml"), ByteCount(10)).error().kind == ErrorKind::invalid);
}

TEST_CASE("Git's own folder is no part of a working copy") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / ".git/objects");
  std::filesystem::create_directories(folder / "sub");
  std::ofstream(folder / "sub/.git") << "gitdir: x";
  const auto tree = open_folder_tree(folder.path());
  REQUIRE(tree.has_value());
  CHECK((*tree)->list(at("")).value() == std::vector<TreeEntry>{{"sub", EntryKind::folder}});
  CHECK((*tree)->list(at("sub"))->empty());
  CHECK((*tree)->kind(at(".git/objects")) == EntryKind::absent);
}

TEST_CASE("the folder itself may be reached through a symlink") {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "real");
  std::ofstream(folder / "real/a.yaml") << "x";
  std::filesystem::create_symlink("real", folder / "link");
  const auto tree = open_folder_tree(folder / "link");
  REQUIRE(tree.has_value());
  CHECK((*tree)->read(at("a.yaml"), ByteCount(10)) == "x");
}

}  // namespace primocane
