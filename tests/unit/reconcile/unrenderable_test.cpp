// SPDX-License-Identifier: Apache-2.0
#include "reconcile/unrenderable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace primocane {
namespace {

Fingerprint numbered_key(std::size_t number) { return fingerprint(fmt::format("{}", number)); }

TEST_CASE("only the last few renderings that can't be made are remembered") {
  Unrenderable unrenderable;
  for (std::size_t number = 0; number < 1000; ++number) {
    unrenderable.add(numbered_key(number), {ErrorKind::invalid, fmt::format("{}", number)});
    REQUIRE(unrenderable.find(numbered_key(number)) != nullptr);
  }
  CHECK(unrenderable.size() == Unrenderable::kept_max);
  CHECK(unrenderable.find(numbered_key(999))->message == "999");
  CHECK(unrenderable.find(numbered_key(0)) == nullptr);
  unrenderable.clear();
  CHECK(unrenderable.find(numbered_key(999)) == nullptr);
}

TEST_CASE("a rendering that is known is no news") {
  Unrenderable unrenderable;
  unrenderable.add(numbered_key(1), {ErrorKind::invalid, "first"});
  unrenderable.add(numbered_key(1), {ErrorKind::invalid, "second"});
  CHECK(unrenderable.added() == 1);
  CHECK(unrenderable.find(numbered_key(1))->message == "first");
  unrenderable.clear();
  unrenderable.add(numbered_key(1), {ErrorKind::invalid, "third"});
  CHECK(unrenderable.added() == 2);
}

}  // namespace
}  // namespace primocane
