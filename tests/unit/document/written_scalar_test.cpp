// SPDX-License-Identifier: Apache-2.0
#include "document/written_scalar.hpp"

#include "document/json.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>
#include <vector>

namespace primocane {
namespace {

std::vector<Array> rows_of(std::string_view kind) {
  std::ifstream file(PRIMOCANE_SOURCE_DIR "/tests/unit/document/scalars/table.jsonl");
  std::vector<Array> rows;
  for (std::string line; std::getline(file, line);) {
    Value row = read_json(line, "table.jsonl").value();
    if (row.as_array()->at(0) == Value(kind)) rows.push_back(std::move(*row.as_array()));
  }
  return rows;
}

Value scalar(const std::string& text) {
  return *yaml_value("name: test\nvalue: " + text + "\n").find("value");
}

TEST_CASE("a scalar remembers the text that it was written with") {
  const std::vector<Array> rows = rows_of("text");
  REQUIRE(rows.size() > 30);
  for (const Array& row : rows) {
    CAPTURE(*row.at(1).as_string());
    CHECK(written_text(scalar(*row.at(1).as_string())) == *row.at(2).as_string());
  }
}

TEST_CASE("an unusual spelling is known to be lost") {
  for (const char* text : {"0x1F", "1_000", "+5", "0o17", "1e3", ".5", "1.", "-0644", "-0",
                           "2020-1-1", "2020-01-01 01:02:03"}) {
    CAPTURE(text);
    CHECK(written_text(scalar(text)) == std::nullopt);
  }
}

TEST_CASE("a scalar that gets another text is what kustomize makes of it, or refused as there") {
  const std::vector<Array> rows = rows_of("set");
  REQUIRE(rows.size() > 700);
  for (const Array& row : rows) {
    const std::string& target = *row.at(1).as_string();
    const std::string& text = *row.at(2).as_string();
    CAPTURE(target, text);
    Value value = target.empty() ? untagged_scalar("x").value() : scalar(target);
    const Result<void> set = set_scalar_text(value, text);
    CHECK(set.has_value() == row.at(3).is_string());
    if (!set || !row.at(3).is_string()) continue;
    CHECK(value == read_json(*row.at(3).as_string(), "table.jsonl"));
  }
}

TEST_CASE("a scalar keeps its line and its type when its text changes") {
  Value value = *yaml_value("a: 1\nb: 1.0\n").find("b");
  REQUIRE(set_scalar_text(value, "2").has_value());
  CHECK(value.line() == 2);
  CHECK(set_scalar_text(value, "2.5").has_value());
  CHECK_FALSE(set_scalar_text(value, "2.5.1").has_value());
}

TEST_CASE("an untagged scalar takes the type of each text it gets") {
  Value value = untagged_scalar("5").value();
  CHECK(value == Value(5));
  REQUIRE(set_scalar_text(value, "abc").has_value());
  CHECK(value == Value("abc"));
  REQUIRE(set_scalar_text(value, "true").has_value());
  CHECK(value == Value(true));
}

TEST_CASE("lists and mappings have no text") {
  CHECK(written_text(Value(Array{1})) == "");
  CHECK(written_text(Value(Object{})) == "");
}

}  // namespace
}  // namespace primocane
