// SPDX-License-Identifier: Apache-2.0
// Specification of which version is meant by a range.
#include "source/version_choice.hpp"

#include "source/oci_manifest.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

using namespace primocane;

namespace {

const std::vector<std::string>& some_tags() {
  static const std::vector<std::string> tags{"latest", "1.0.0",      "1.2.0",        "v1.10.0",
                                             "2",      "2.0.0-rc.1", "1.11.0_build", "3.0.0-rc.1"};
  return tags;
}

ChartEntry entry(std::string version, std::string created = {}) {
  return {.version = std::move(version),
          .url = {},
          .digest = {},
          .app_version = {},
          .created = std::move(created)};
}

std::string text(const Result<std::string>& chosen) {
  return chosen ? *chosen : "error: " + chosen.error().message;
}

}  // namespace

TEST_CASE("a range of versions is the latest tag in it") {
  CHECK(choose_tag(some_tags(), {.range = "1.x"}) == "v1.10.0");
  CHECK(choose_tag(some_tags(), {.range = "<1.5.0"}) == "1.2.0");
  CHECK(choose_tag(some_tags(), {.range = ">=2.0.0-0"}) == "3.0.0-rc.1");
  CHECK(text(choose_tag(some_tags(), {.range = "4.x"})) ==
        "error: none of its 8 versions is in the range \"4.x\"");
  CHECK(
      text(choose_tag(some_tags(), {.range = "nothing"})).starts_with("error: spec.ref.semver: "));
}

TEST_CASE("a filter leaves tags out before the range is looked at") {
  CHECK(choose_tag(some_tags(), {.range = ">=1.0.0-0", .filter = "^1\\."}) == "1.2.0");
  CHECK(choose_tag(some_tags(), {.range = ">=1.0.0-0", .filter = "rc"}) == "3.0.0-rc.1");
  CHECK(text(choose_tag(some_tags(), {.range = "1.x", .filter = "("}))
            .starts_with("error: spec.ref.semverFilter: "));
}

TEST_CASE("tags of charts have an underscore where their version has a plus sign") {
  CHECK(choose_tag(some_tags(),
                   {.range = "1.x", .filter = {}, .media_type = std::string(chart_layer_type)}) ==
        "1.11.0_build");
  CHECK(choose_chart_tag(some_tags(), "1.x") == "1.11.0+build");
}

TEST_CASE("a chart without a range is its latest version that is no prerelease") {
  CHECK(choose_chart_tag(some_tags(), "") == "1.11.0+build");
  CHECK(choose_chart_tag(some_tags(), "*") == "1.11.0+build");
  CHECK(choose_chart_tag(some_tags(), "latest") == "latest");
  CHECK(choose_chart_tag(some_tags(), ">=2.0.0-0") == "3.0.0-rc.1");
  CHECK(choose_chart_entry({entry("1.0.0"), entry("2.0.0-rc.1"), entry("1.5.0")}, "")->version ==
        "1.5.0");
  CHECK(!choose_chart_tag({}, ""));
}

TEST_CASE("a version to the letter is found before any range is tried") {
  const std::vector<ChartEntry> entries{entry("1.0.0"), entry("1.0"), entry("v1.0.1")};
  CHECK(choose_chart_entry(entries, "1.0")->version == "1.0");
  CHECK(choose_chart_entry(entries, "v1.0.1")->version == "v1.0.1");
  CHECK(choose_chart_entry(entries, "1.0.x")->version == "v1.0.1");
  CHECK(choose_chart_entry(entries, "9").error().kind == ErrorKind::invalid);
  CHECK(choose_chart_entry(entries, "???").error().kind == ErrorKind::invalid);
}

TEST_CASE("of versions that differ in their build the one that was made last is taken") {
  const std::vector<ChartEntry> entries{
      entry("1.0.0+a", "2024-01-01T00:00:00Z"), entry("1.0.0+b", "2024-01-01T01:00:00.5+00:00"),
      entry("1.0.0+c", "2024-01-01T02:00:00+02:00"), entry("1.0.0+d")};
  CHECK(choose_chart_entry(entries, "1.0.x")->version == "1.0.0+b");
}

TEST_CASE("one version needs no list to be chosen from") {
  CHECK(is_one_version("1.2.3"));
  CHECK(is_one_version("v1.2.3-rc.1+build"));
  for (const char* range : {"", "*", "1.2", "^1.2.3", "1.2.3 - 2", ">=1.0.0"}) {
    CHECK_FALSE(is_one_version(range));
  }
}
