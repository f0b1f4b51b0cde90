// SPDX-License-Identifier: Apache-2.0
#include "resource/names.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {

TEST_CASE("a namespace's name is a DNS label") {
  for (const std::string_view name : {"a", "home-2", "0"}) CHECK(is_namespace_name(name));
  CHECK(is_namespace_name(std::string(63, 'a')));
  for (const std::string_view name : {"", "-a", "a-", "A", "a.b", "a_b", "ä", "a b"}) {
    CHECK_FALSE(is_namespace_name(name));
  }
  CHECK_FALSE(is_namespace_name(std::string(64, 'a')));
}

TEST_CASE("an identity is well-formed when all of its parts are") {
  CHECK(is_well_formed({"apps", "Deployment", "home", "web"}));
  CHECK(is_well_formed({"", "Namespace", "", "home"}));
  CHECK(is_well_formed({"rbac.authorization.k8s.io", "ClusterRole", "", "system:node"}));
  CHECK_FALSE(is_well_formed({"apps/v1", "Deployment", "home", "web"}));
  CHECK_FALSE(is_well_formed({"..", "Deployment", "home", "web"}));
  CHECK_FALSE(is_well_formed({"apps", "", "home", "web"}));
  CHECK_FALSE(is_well_formed({"apps", "Deploy/ment", "home", "web"}));
  CHECK_FALSE(is_well_formed({"apps", "Deployment", "ho me", "web"}));
  CHECK_FALSE(is_well_formed({"apps", "Deployment", "home", ""}));
  CHECK_FALSE(is_well_formed({"apps", "Deployment", "home", "../web"}));
  CHECK_FALSE(is_well_formed({"apps", "Deployment", "home", "web\n"}));
  CHECK_FALSE(is_well_formed({"apps", "Deployment", "home", std::string(254, 'a')}));
}

TEST_CASE("a name holds nothing that can't be seen in a report") {
  for (const std::string_view name : {"system:röle", "角色", "a‐b"})
    CHECK_FALSE(fault_of_name(name));
  for (const std::string_view mark : {"\u0085", "\u200B", "\u2028", "\u202E", "\u2066", "\uFEFF"}) {
    CHECK(fault_of_name("a" + std::string(mark) + "b").has_value());
  }
}

}  // namespace primocane
