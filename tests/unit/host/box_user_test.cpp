// SPDX-License-Identifier: Apache-2.0
// Which user a passwd file names.
#include "host/box_user.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {

TEST_CASE("a user is found by its whole name") {
  constexpr std::string_view passwd =
      "root:x:0:0:root:/root:/bin/bash\n"
      "primocane-renderer:x:1:1::/:/bin/false\n"
      "# primocane-render:x:2:2::/:/bin/false\n"
      "primocane-render:x:987:986:primocane:/nonexistent:/usr/sbin/nologin";
  CHECK(find_box_user(passwd, "primocane-render") == BoxUser{.uid = 987, .gid = 986});
  CHECK_FALSE(find_box_user(passwd, "primocane").has_value());
  CHECK_FALSE(find_box_user("", "primocane-render").has_value());
}

TEST_CASE("a user that is root, or whose line is broken, is none") {
  for (const std::string_view line :
       {"render:x:0:5::/:", "render:x:5:0::/:", "render", "render:x", "render:x:5", "render:x:5:x:",
        "render:x:-5:5::", "render:x:5000000000:5::", "render:x::5::", "render:x: 5:5::"}) {
    CAPTURE(line);
    CHECK_FALSE(find_box_user(line, "render").has_value());
  }
}

}  // namespace primocane
