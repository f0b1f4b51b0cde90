// SPDX-License-Identifier: Apache-2.0
#include "resource/resource_id.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string_view>

namespace primocane {

TEST_CASE("a group kind is written as kubectl writes it") {
  CHECK(to_string(GroupKind{"apps", "Deployment"}) == "Deployment.apps");
  CHECK(to_string(GroupKind{"", "ConfigMap"}) == "ConfigMap");
}

TEST_CASE("an identity is written as kind, namespace and name") {
  CHECK(to_string(ResourceId{"apps", "Deployment", "home", "paperless"}) ==
        "Deployment/home/paperless");
  CHECK(to_string(ResourceId{"", "Namespace", "", "home"}) == "Namespace/home");
}

TEST_CASE("an apiVersion has a version and perhaps a group before it") {
  CHECK(ApiVersion::parse("v1") == ApiVersion{"", "v1"});
  CHECK(ApiVersion::parse("apps/v1") == ApiVersion{"apps", "v1"});
  CHECK(ApiVersion::parse("cert-manager.io/v1beta1") == ApiVersion{"cert-manager.io", "v1beta1"});
  CHECK(to_string(ApiVersion{"apps", "v1"}) == "apps/v1");
  CHECK(to_string(ApiVersion{"", "v1"}) == "v1");
}

TEST_CASE("what cannot be part of an API's URL is no apiVersion") {
  for (const std::string_view text : {"", "/", "apps/", "/v1", "a/b/v1", "apps/..", "../v1",
                                      "apps/v1?x", "apps/v%31", "apps /v1", "apps/v1\n"}) {
    const auto version = ApiVersion::parse(text);
    REQUIRE_FALSE(version.has_value());
    CHECK(version.error().kind == ErrorKind::invalid);
  }
}

}  // namespace primocane
