// SPDX-License-Identifier: Apache-2.0
// A file that grows is there whole, or as it was.
#include "base/growing_file.hpp"

#include "base/durable_file.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <iterator>
#include <string>

namespace primocane {

namespace {

std::string text_of(const std::string& path) {
  return read_if_there(path, ByteCount(1000)).value().value_or("(none)");
}

std::ptrdiff_t files_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder),
                       std::filesystem::directory_iterator());
}

}  // namespace

TEST_CASE("a growing file is there when it is finished and not before") {
  const TemporaryFolder folder;
  REQUIRE(replace_file(folder / "file", "old", Durability::lazy));
  auto file = GrowingFile::make(folder / "file");
  REQUIRE(file);
  REQUIRE(file->add("ne"));
  REQUIRE(file->add("w"));
  CHECK(text_of(folder / "file") == "old");
  REQUIRE(file->finish());
  CHECK(text_of(folder / "file") == "new");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a growing file that is given up leaves nothing") {
  const TemporaryFolder folder;
  {
    auto file = GrowingFile::make(folder / "file");
    REQUIRE(file);
    REQUIRE(file->add("new"));
  }
  CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a growing file never writes through a link that stands in its way") {
  const TemporaryFolder folder;
  REQUIRE(replace_file(folder / "other", "other", Durability::lazy));
  std::filesystem::create_symlink("other", folder / "file.new");
  auto file = GrowingFile::make(folder / "file");
  REQUIRE(file);
  REQUIRE(file->add("new"));
  REQUIRE(file->finish());
  CHECK(text_of(folder / "other") == "other");
  CHECK(text_of(folder / "file") == "new");
}

TEST_CASE("a growing file can't be made where there is no folder") {
  const TemporaryFolder folder;
  CHECK(GrowingFile::make(folder / "absent/file").error().kind == ErrorKind::unavailable);
}

}  // namespace primocane
