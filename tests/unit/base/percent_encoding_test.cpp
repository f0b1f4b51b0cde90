// SPDX-License-Identifier: Apache-2.0
#include "base/percent_encoding.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

TEST_CASE("all but unreserved characters are percent-encoded") {
  CHECK(percent_encoded("a-b.c_d~\xC3\xA4%") == "a-b.c_d~%C3%A4%25");
  CHECK(percent_encoded("AZaz09/ ?") == "AZaz09%2F%20%3F");
}

}  // namespace
}  // namespace primocane
