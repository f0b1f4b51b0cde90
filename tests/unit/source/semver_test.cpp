// SPDX-License-Identifier: Apache-2.0
#include "source/semver.hpp"

#include "support/json_lines.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

bool is_in(std::string_view range, std::string_view version) {
  return VersionRange::parse(range).value().contains(SemanticVersion::parse(version).value());
}

std::string canonical(const Result<SemanticVersion>& version) {
  return version ? version->str() : std::string();
}

void compare_order(const Value& row, const SemanticVersion& first, const SemanticVersion& second) {
  const std::weak_ordering order = compare(first, second);
  const int sign = order < 0 ? -1 : (order > 0 ? 1 : 0);
  REQUIRE(std::to_string(sign) == row.find("order")->scalar_text());
}

}  // namespace

TEST_CASE("versions and ranges mean what they mean to Flux and Helm") {
  std::size_t ranges = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/semver/cases.jsonl")) {
    CAPTURE(write_json(row));
    const Array& versions = *row.find("versions")->as_array();
    const auto first = SemanticVersion::parse(*versions.at(0).as_string());
    const auto second = SemanticVersion::parse(*versions.at(1).as_string());
    REQUIRE(canonical(first) == row.text_at("loose"));
    REQUIRE(canonical(SemanticVersion::parse_strict(*versions.at(0).as_string())) ==
            row.text_at("strict"));
    REQUIRE((first && second) == (row.find("order") != nullptr));
    if (first && second) compare_order(row, *first, *second);

    const Value* contains = row.find("contains");
    const auto range = VersionRange::parse(row.text_at("range"));
    REQUIRE(range.has_value() == (contains != nullptr));
    if (!range) continue;
    ++ranges;
    for (std::size_t i = 0; i < versions.size(); ++i) {
      const auto version = SemanticVersion::parse(*versions[i].as_string());
      const bool is_inside = version && range->contains(*version);
      REQUIRE((is_inside ? "yes" : "no") == *contains->as_array()->at(i).as_string());
    }
  }
  CHECK(ranges > 200);
}

TEST_CASE("a version keeps the text it was read from") {
  const auto version = SemanticVersion::parse("v1.2").value();
  CHECK(version.original() == "v1.2");
  CHECK(version.str() == "1.2.0");
  CHECK(SemanticVersion::parse("1.2.3-rc.1+b.5").value().str() == "1.2.3-rc.1+b.5");
}

TEST_CASE("a tag is a version only with three numbers") {
  CHECK(SemanticVersion::parse_tag("v1.2.3").has_value());
  CHECK(SemanticVersion::parse_tag("v2025.02.03-rc.1").value().str() == "2025.2.3-rc.1");
  CHECK_FALSE(SemanticVersion::parse_tag("v1.2").has_value());
  CHECK_FALSE(SemanticVersion::parse_tag("latest").has_value());
  CHECK(SemanticVersion::parse_tag("1-a.b.c").has_value());
}

TEST_CASE("a prerelease is in a range only if that names one") {
  CHECK_FALSE(is_in(">=1.0.0", "1.2.0-rc.1"));
  CHECK(is_in(">=1.0.0-0", "1.2.0-rc.1"));
  CHECK(is_in("2.x || ^1.0.0-alpha", "1.2.0-rc.1"));
}

TEST_CASE("what is no version or range is invalid") {
  CHECK(SemanticVersion::parse("1.2.3.4").error().kind == ErrorKind::invalid);
  CHECK(SemanticVersion::parse(std::string(257, '1')).error().kind == ErrorKind::invalid);
  CHECK(SemanticVersion::parse_strict("v1.2.3").error().kind == ErrorKind::invalid);
  CHECK(VersionRange::parse("latest").error().kind == ErrorKind::invalid);
  CHECK(VersionRange::parse("").error().kind == ErrorKind::invalid);
}
