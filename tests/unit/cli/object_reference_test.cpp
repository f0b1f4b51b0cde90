// SPDX-License-Identifier: Apache-2.0
// How people name objects.
#include "cli/object_reference.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace primocane {

TEST_CASE("an object is named with or without group and namespace") {
  CHECK(*parse_object_reference("deployment/web", "") ==
        ObjectReference{.kind = "deployment", .name = "web", .namespace_name = ""});
  CHECK(*parse_object_reference("Deployment.apps/web", "home") ==
        ObjectReference{.kind = "Deployment.apps", .name = "web", .namespace_name = "home"});
  const ObjectReference of_event{.kind = "Deployment", .name = "web", .namespace_name = "home"};
  CHECK(*parse_object_reference("Deployment/home/web", "") == of_event);
  CHECK(*parse_object_reference("Deployment/home/web", "home") == of_event);
}

TEST_CASE("what names no object is refused with what was expected") {
  const auto* text = GENERATE("", "web", "/web", "deployment/", "a/b/c/d", "a//b", ".apps/web");
  const auto reference = parse_object_reference(text, "");
  REQUIRE_FALSE(reference);
  CHECK(reference.error().message.find("KIND/NAME") != std::string::npos);
}

TEST_CASE("two namespaces for one object are refused") {
  CHECK_FALSE(parse_object_reference("Deployment/home/web", "away"));
}

}  // namespace primocane
