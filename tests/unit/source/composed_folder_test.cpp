// SPDX-License-Identifier: Apache-2.0
#include "source/composed_folder.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <string>

namespace primocane {
namespace {

ComposedTree tree_in(const ComposedFolder& folder, const std::string& state) {
  return {.wish = "wish",
          .state = state,
          .revision = "main@sha1:" + state,
          .path = folder.bundle_path(state)};
}

void put(const std::string& path) { std::ofstream(path) << "bundle"; }

}  // namespace

TEST_CASE("what was composed last is found again") {
  const TemporaryFolder place;
  const ComposedFolder folder(place.path());
  CHECK_FALSE(folder.read());
  const ComposedTree first = tree_in(folder, "aa");
  put(first.path);
  REQUIRE(folder.write(first));
  CHECK(ComposedFolder(place.path()).read() == first);

  const ComposedTree second = tree_in(folder, "bb");
  put(second.path);
  REQUIRE(folder.write(second));
  CHECK(folder.read() == second);
  CHECK_FALSE(std::filesystem::exists(first.path));
}

TEST_CASE("a tree whose bundle is lost, or that names another file, is not there") {
  const TemporaryFolder place;
  const ComposedFolder folder(place.path());
  const ComposedTree tree = tree_in(folder, "aa");
  put(tree.path);
  REQUIRE(folder.write(tree));
  std::filesystem::remove(tree.path);
  CHECK_FALSE(folder.read());
  for (const std::string text : {R"({"wish":"wish","state":"../aa","revision":"x"})",
                                 R"({"wish":"wish","revision":"x"})", "[", ""}) {
    std::ofstream(place / "composed.json") << text;
    CHECK_FALSE(folder.read());
  }
}

TEST_CASE("a tree whose bundle is not what was written is forgotten, its submodules are not") {
  const TemporaryFolder place;
  const ComposedFolder folder(place.path());
  const ComposedTree tree = tree_in(folder, "aa");
  std::filesystem::create_directory(folder.submodules_path());
  put(folder.submodules_path() + "/bb.bundle");
  const auto put_tree = [&] {
    put(tree.path);
    REQUIRE(folder.write(tree));
    folder.forget_damaged();
    REQUIRE(folder.read() == tree);
  };
  put_tree();
  std::filesystem::resize_file(tree.path, 3);
  CHECK_FALSE(folder.read());
  put_tree();
  std::ofstream(tree.path) << "bumdle";
  CHECK(folder.read() == tree);  // as long as it was
  folder.forget_damaged();
  CHECK_FALSE(folder.read());
  CHECK_FALSE(std::filesystem::exists(tree.path));
  CHECK(std::filesystem::exists(folder.submodules_path() + "/bb.bundle"));
  put_tree();
  std::ofstream(place / "composed.json") << R"({"wish":"wish","state":"aa","revision":"main"})";
  folder.forget_damaged();
  CHECK(folder.read());  // written by an agent that noted less
}

TEST_CASE("what was composed goes with the submodules in it") {
  const TemporaryFolder place;
  const ComposedFolder folder(place.path());
  const ComposedTree tree = tree_in(folder, "aa");
  put(tree.path);
  REQUIRE(folder.write(tree));
  std::filesystem::create_directory(folder.submodules_path());
  put(folder.submodules_path() + "/bb.bundle");
  std::filesystem::create_directory(place / "mirror.git");
  folder.clear();
  CHECK_FALSE(std::filesystem::exists(tree.path));
  CHECK_FALSE(std::filesystem::exists(folder.submodules_path()));
  CHECK(std::filesystem::exists(place / "mirror.git"));
  CHECK_FALSE(folder.read());
}

}  // namespace primocane
