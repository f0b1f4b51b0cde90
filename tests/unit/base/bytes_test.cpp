// SPDX-License-Identifier: Apache-2.0
// How sizes are written for people.
#include "base/bytes.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {

TEST_CASE("sizes are written in the largest unit that they fill") {
  CHECK(to_string(ByteCount(0)) == "0 bytes");
  CHECK(to_string(ByteCount(1023)) == "1023 bytes");
  CHECK(to_string(ByteCount(1024)) == "1.0 KiB");
  CHECK(to_string(ByteCount(1536)) == "1.5 KiB");
  CHECK(to_string(ByteCount(3 * 1024 * 1024)) == "3.0 MiB");
  CHECK(to_string(ByteCount(5ULL * 1024 * 1024 * 1024)) == "5.0 GiB");
}

TEST_CASE("sizes compare as numbers") { CHECK(ByteCount(9) < ByteCount(10)); }

}  // namespace primocane
