// SPDX-License-Identifier: Apache-2.0
#include "resource/confidential_fields.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string_view>

namespace primocane {
namespace {

JsonPointer at(std::string_view text) { return JsonPointer::parse(text).value(); }

TEST_CASE("a field is confidential if it is one, lies in one or holds one") {
  const ConfidentialFields fields{at("/spec/env/2/value"), at("/data")};
  CHECK(is_confidential(fields, at("/spec/env/2/value")));
  CHECK(is_confidential(fields, at("/spec/env")));
  CHECK(is_confidential(fields, at("/data/key")));
  CHECK(is_confidential(fields, at("")));
  CHECK_FALSE(is_confidential(fields, at("/spec/env/2/name")));
  CHECK_FALSE(is_confidential(fields, at("/metadata")));
  CHECK_FALSE(is_confidential({}, at("/data")));
}

TEST_CASE("items of lists move, so any of them may be the one") {
  const ConfidentialFields fields{at("/spec/env/2/value")};
  CHECK(is_confidential(fields, at("/spec/env/0/value")));
  CHECK_FALSE(is_confidential(fields, at("/spec/env/name/value")));
}

TEST_CASE("the empty pointer stands for all") {
  CHECK(is_confidential(ConfidentialFields(1), at("/spec/replicas")));
}

TEST_CASE("what is confidential of a Secret is known") {
  const ConfidentialFields none;
  const ResourceId secret{"", "Secret", "default", "s"};
  CHECK(is_confidential(confidential_fields(secret, none), at("/data/key")));
  CHECK_FALSE(is_confidential(confidential_fields(secret, none), at("/type")));
  const ResourceId foreign{"example.org", "Secret", "default", "s"};
  CHECK(confidential_fields(foreign, none).empty());
}

}  // namespace
}  // namespace primocane
