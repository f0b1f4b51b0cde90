// SPDX-License-Identifier: Apache-2.0
// The rules of git-check-ref-format(1).
#include "source/ref_name.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

TEST_CASE("branches that git takes are taken") {
  for (const std::string_view name : {"main", "feature/x", "v1.2", "a@b", "users/me/x_y-z", "ä"}) {
    INFO(name);
    CHECK(is_branch_name(name));
  }
}

TEST_CASE("names that git refuses, or that would leave a folder, are refused") {
  for (const std::string_view name :
       {"",    "/",    "/main",  "main/",    "a//b", "..",  "../x", "a/../b", "a..b",
        ".a",  "a/.b", "a.lock", "a.lock/b", "a.",   "a b", "a~b",  "a^b",    "a:b",
        "a?b", "a*b",  "a[b",    "a\\b",     "a@{b", "-a",  "HEAD", "a\x7f",  "a\tb"}) {
    INFO(name);
    CHECK_FALSE(is_branch_name(name));
  }
  CHECK_FALSE(is_branch_name(std::string_view("a\0b", 3)));
  CHECK_FALSE(is_branch_name(std::string(300, 'a')));
}

TEST_CASE("a ref has at least two components") {
  CHECK(is_ref_name("refs/heads/main"));
  CHECK_FALSE(is_ref_name("main"));
}

}  // namespace primocane
