// SPDX-License-Identifier: Apache-2.0
#include "document/schema_reader.hpp"

#include "document/yaml_reader.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

Value configuration(std::string_view text) { return read_yaml(text, "config.yaml")->front().value; }

}  // namespace

TEST_CASE("a place is file and line, or the file where the line is unknown") {
  CHECK(at_line("a.yaml", 7) == "a.yaml:7: ");
  CHECK(at_line("a.yaml", 0) == "a.yaml: ");
}

TEST_CASE("an unknown key is refused with its line and the key that was probably meant") {
  const Value value = configuration("url: x\nbranhc: main\n");
  const auto result = require_known_keys(value, "git", "config.yaml", {"url", "branch", "path"});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error() ==
        Error{ErrorKind::invalid,
              "config.yaml:2: git has no field \"branhc\"; did you mean \"branch\"?"});
}

TEST_CASE("no key is suggested that is far from what was written") {
  CHECK(nearest("intervall", {"interval", "timeout"}) == "interval");
  CHECK(nearest("maxdeletions", {"maxDeletions"}) == "maxDeletions");
  CHECK(nearest("xyz", {"interval", "timeout"}).empty());
  CHECK(nearest("", {"a"}).empty());
  CHECK(nearest(std::string(1'000'000, 'a'), {"a"}).empty());
}

TEST_CASE("known keys are accepted and something else than a mapping is not") {
  CHECK(require_known_keys(configuration("url: x\n"), "git", "f", {"url"}).has_value());
  const auto result = require_known_keys(configuration("- url\n"), "git", "f", {"url"});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message == "f:1: git must be a mapping, not a list");
}

TEST_CASE("an optional text is the value, the fallback, or refused when it is no string") {
  const Value value = configuration("a: x\nb: 1\n");
  CHECK(optional_text(value, "a", "f") == "x");
  CHECK(optional_text(value, "c", "f", "y") == "y");
  const auto result = optional_text(value, "b", "f");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message == "f:2: \"b\" must be a string, not a number");
}
