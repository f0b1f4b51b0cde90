// SPDX-License-Identifier: Apache-2.0
// What identifiers and paths accept, and what they refuse.
#include "base/ids.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <string>

namespace primocane {
namespace {

const std::string forty_digits = "0123456789abcdef0123456789abcdef01234567";

}  // namespace

TEST_CASE("a commit is 40 lower-case hexadecimal digits") {
  const Result<CommitId> id = CommitId::parse(forty_digits);
  REQUIRE(id.has_value());
  CHECK(id->str() == forty_digits);
  CHECK(id->abbreviated() == "0123456789ab");
}

TEST_CASE("anything else is not a commit") {
  std::string upper = forty_digits;
  upper[10] = 'A';
  std::string with_nul = forty_digits;
  with_nul[39] = '\0';
  for (const std::string& text : {std::string(), forty_digits.substr(1), forty_digits + "0", upper,
                                  with_nul, std::string("HEAD")}) {
    CAPTURE(text);
    const Result<CommitId> id = CommitId::parse(text);
    REQUIRE_FALSE(id.has_value());
    CHECK(id.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("paths are normalised") {
  struct Row {
    std::string text;
    std::string path;
  };
  const std::array rows{
      Row{"", ""},           Row{".", ""},
      Row{"./", ""},         Row{"a", "a"},
      Row{"./a//b/", "a/b"}, Row{"a/b/../c", "a/c"},
      Row{"a/..", ""},       Row{"a/./b", "a/b"},
      Row{"...", "..."},     Row{"a/..b/c", "a/..b/c"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Result<RelativePath> path = RelativePath::parse(row.text);
    REQUIRE(path.has_value());
    CHECK(path->str() == row.path);
  }
}

TEST_CASE("paths that leave the tree, are absolute, hold NUL or are too long are refused") {
  for (const std::string& text :
       {std::string(".."), std::string("a/../.."), std::string("../a"), std::string("/etc/passwd"),
        std::string("a\0b", 3), std::string(4097, 'a')}) {
    CAPTURE(text);
    const Result<RelativePath> path = RelativePath::parse(text);
    REQUIRE_FALSE(path.has_value());
    CHECK(path.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a path is joined as seen from a folder and cannot climb out of the tree") {
  const RelativePath folder = *RelativePath::parse("apps/web");
  CHECK(folder.join("../base")->str() == "apps/base");
  CHECK(folder.join("../..")->is_root());
  CHECK(folder.join("")->str() == "apps/web");
  CHECK_FALSE(folder.join("../../..").has_value());
  CHECK_FALSE(folder.join("/x").has_value());
}

TEST_CASE("a path knows its name and its parent") {
  const RelativePath path = *RelativePath::parse("a/b/c.yaml");
  CHECK(path.name() == "c.yaml");
  CHECK(path.parent().str() == "a/b");
  CHECK(path.parent().parent().parent().is_root());
  CHECK(RelativePath().parent().is_root());
  CHECK(RelativePath().name().empty());
}

TEST_CASE("kustomizations are ordered by namespace, then by name") {
  const KustomizationName first{.namespace_name = "a", .name = "z"};
  const KustomizationName second{.namespace_name = "b", .name = "a"};
  CHECK(first < second);
  CHECK(to_string(first) == "a/z");
}

}  // namespace primocane
