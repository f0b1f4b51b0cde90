// SPDX-License-Identifier: Apache-2.0
// Which file a program's name means.
#include "host/search_path.hpp"

#include "support/temporary_folder.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>

namespace primocane {
namespace {

struct Programs {
  Programs() {
    std::filesystem::create_directories(folder / "first/ssh-folder");
    std::filesystem::create_directories(folder / "second");
    add("first/plain", 0644);
    add("second/plain", 0755);
    add("second/ssh", 0755);
    add("second/ssh-folder", 0755);
  }
  void add(const std::string& name, unsigned mode) const {
    std::ofstream(folder / name) << "#!/bin/sh\n";
    std::filesystem::permissions(folder / name, std::filesystem::perms(mode));
  }

  TemporaryFolder folder;
  std::string path = (folder / "absent") + ":" + (folder / "first") + "::" + (folder / "second");
};

}  // namespace

TEST_CASE("the first executable file of the name counts, not folders and plain files") {
  const Programs programs;
  CHECK(search_path("ssh", programs.path) == programs.folder / "second/ssh");
  CHECK(search_path("plain", programs.path) == programs.folder / "second/plain");
  CHECK(search_path("ssh-folder", programs.path) == programs.folder / "second/ssh-folder");
}

TEST_CASE("a name with a slash is itself") {
  CHECK(search_path("/usr/bin/ssh", "") == "/usr/bin/ssh");
  CHECK(search_path("./ssh", "/bin") == "./ssh");
}

TEST_CASE("a program that is nowhere is invalid, and folders that are not absolute do not count") {
  for (const auto& [program, path] :
       {std::pair("ssh", ""), std::pair("", "/bin"),
        std::pair("primocane-no-such", "/bin:/usr/bin"), std::pair("sh", "bin:.:")}) {
    const Result<std::string> found = search_path(program, path);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().kind == ErrorKind::invalid);
  }
}

}  // namespace primocane
