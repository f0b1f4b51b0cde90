// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

TEST_CASE("bytes become base64 as RFC 4648 section 10 shows it") {
  CHECK(to_base64("").empty());
  CHECK(to_base64("f") == "Zg==");
  CHECK(to_base64("fo") == "Zm8=");
  CHECK(to_base64("foo") == "Zm9v");
  CHECK(to_base64("foobar") == "Zm9vYmFy");
  CHECK(to_base64("\xFF\xFE\xFB") == "//77");
}

TEST_CASE("base64 is read back to the same bytes") {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
    bytes += static_cast<char>(i * 7);
  }
}

TEST_CASE("line ends inside base64 are skipped") {
  CHECK(from_base64("Zm9v\r\nYmFy\n") == "foobar");
}

TEST_CASE("what is not base64 is refused and not repeated in the message") {
  for (const std::string_view text :
       {"Zg", "Zg=", "Zm9v=", "Z===", "Zg==Zg==", "Z-_v", "Zm 9v", "c2VjcmV0!"}) {
    const auto bytes = from_base64(text);
    REQUIRE_FALSE(bytes.has_value());
    CHECK(bytes.error().kind == ErrorKind::invalid);
    CHECK(bytes.error().message.find(text) == std::string::npos);
  }
}

}  // namespace primocane
