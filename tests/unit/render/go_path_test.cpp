// SPDX-License-Identifier: Apache-2.0
#include "render/go_path.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

TEST_CASE("paths are joined as texts") {
  CHECK(join_path({"", ""}).empty());
  CHECK(join_path({"", "a.yaml"}) == "a.yaml");
  CHECK(join_path({"../base", "a.yaml"}) == "../base/a.yaml");
  CHECK(join_path({"../base", "../other/./x//y/"}) == "../other/x/y");
  CHECK(join_path({"a", "/b"}) == "a/b");
  CHECK(join_path({"a", ".."}) == ".");
  CHECK(join_path({"a", "../.."}) == "..");
  CHECK(join_path({"/", "../a"}) == "/a");
  CHECK(join_path({"/", ".."}) == "/");
}

TEST_CASE("a component is put into a path at its place") {
  CHECK(insert_path_part("", 3, "N") == "N");
  CHECK(insert_path_part("/", 3, "N") == "/N");
  CHECK(insert_path_part("/", 0, "N") == "/N");
  CHECK(insert_path_part("pie", 0, "N") == "N/pie");
  CHECK(insert_path_part("/pie", 0, "N") == "/N/pie");
  CHECK(insert_path_part("raw", 1, "N") == "raw/N");
  CHECK(insert_path_part("/raw", 1, "N") == "/raw/N");
  CHECK(insert_path_part("a/nice/warm/pie", 3, "N") == "a/nice/warm/N/pie");
  CHECK(insert_path_part("/a/nice/warm/pie", 3, "N") == "/a/nice/warm/N/pie");
  CHECK(insert_path_part("/a/nice/warm/pie", 99, "N") == "/a/nice/warm/pie/N");
}

}  // namespace
}  // namespace primocane
