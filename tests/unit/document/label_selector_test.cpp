// SPDX-License-Identifier: Apache-2.0
#include "document/label_selector.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

bool selects(std::string_view selector) {
  const Value labels = Object{{"app", "web"}, {"tier", ""}, {"size", "12"}, {"a.b/c", "x"}};
  return matches_labels(parse_label_selector(selector).value(), &labels);
}

}  // namespace

TEST_CASE("labels are compared with each requirement of a selector") {
  for (const char* met :
       {"", "app", "app=web", "app == web", "app!=db", "none!=x", "!none", "app in (db, web)",
        "app notin (db)", "none notin (x)", "tier=", "tier in ()", "tier in (,x)", "size>11",
        "size<13", "a.b/c in (x)", "app=web,!none , size>1"}) {
    CAPTURE(met);
    CHECK(selects(met));
  }
  for (const char* unmet :
       {"none", "!app", "app=", "app=db", "app!=web", "none=x", "none in ()", "app notin (web)",
        "size>12", "size<12", "app>1", "none<1", "app,none"}) {
    CAPTURE(unmet);
    CHECK_FALSE(selects(unmet));
  }
}

TEST_CASE("what is no selector is told with what was expected") {
  CHECK(parse_label_selector("app=web;x").error().message ==
        "the selector \"app=web;x\": \"web;x\" is no value of a label");
  CHECK(parse_label_selector("app in web").error().message ==
        "the selector \"app in web\": found \"web\", expected \"(\"");
  CHECK(parse_label_selector("app,").error().message ==
        "the selector \"app,\": found its end, expected \"!\" or a key");
  for (const char* wrong : {",", "a,,b", "a b", "=a", "a=(", "a in (b", "a in (b c)", "-a", "a/b/c",
                            "/a", "A/b/", "a>x", "a>9223372036854775808", "a=-x", "!a=b", "!"}) {
    CAPTURE(wrong);
    const auto selector = parse_label_selector(wrong);
    REQUIRE_FALSE(selector.has_value());
    CHECK(selector.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("an object without labels meets what asks for none") {
  CHECK(matches_labels(parse_label_selector("!a,b!=c").value(), nullptr));
  CHECK_FALSE(matches_labels(parse_label_selector("a").value(), nullptr));
}
