// SPDX-License-Identifier: Apache-2.0
#include "flux/chart_values.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

bool says(const Error& error, std::string_view words) {
  return error.message.find(words) != std::string::npos;
}

ReferencedValues secret_at(std::string_view path, std::string_view text) {
  return {.reference = {.kind = "Secret",
                        .name = "login",
                        .key = "password",
                        .target_path = std::string(path)},
          .text = std::string(text)};
}

// A value that a test may print.
std::vector<ReferencedValues> references_of(const Value& row) {
  std::vector<ReferencedValues> references;
  for (const Value& item : *row.find("references")->as_array()) {
    ReferencedValues reference;
    reference.reference.kind = "Secret";
    reference.reference.name = "all";
    reference.reference.target_path = item.text_at("path");
    reference.reference.is_literal = item.find("literal") != nullptr;
    reference.text = item.text_at("text");
    references.push_back(std::move(reference));
  }
  return references;
}

TEST_CASE("values come out as Flux merges them") {
  std::size_t merged = 0;
  std::size_t refused = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/values/cases.jsonl")) {
    CAPTURE(write_json(row));
    const std::vector<ReferencedValues> references = references_of(row);
    const Result<Value> result = merged_chart_values(*row.find("values"), references);
    if (row.find("fails") != nullptr) {
      REQUIRE_FALSE(result.has_value());
      ++refused;
      continue;
    }
    INFO((result ? write_json(*result) : result.error().message));
    REQUIRE(result.has_value());
    const Value* expected = row.find("merged");
    REQUIRE(*result == (expected == nullptr ? Value(Object()) : *expected));
    ++merged;
  }
  CHECK(merged > 400);
  CHECK(refused > 100);
}

TEST_CASE("a message about values tells where they are and nothing of a Secret") {
  const std::vector<ReferencedValues> references{secret_at("a.b", "hunter2,correcthorse")};
  const Result<Value> result = merged_chart_values(Value(), references);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::invalid);
  CHECK(says(result.error(), "valuesFrom Secret login, key password"));
  CHECK(says(result.error(), "targetPath a.b"));
  CHECK_FALSE(says(result.error(), "hunter2"));
  CHECK_FALSE(says(result.error(), "correcthorse"));

  const std::vector<ReferencedValues> document{secret_at("", "a: [hunter2")};
  const Result<Value> broken = merged_chart_values(Value(), document);
  REQUIRE_FALSE(broken.has_value());
  CHECK(says(broken.error(), "is not YAML"));
  CHECK_FALSE(says(broken.error(), "hunter2"));
}

TEST_CASE("a line can't ask for more lists and depth than a values file has") {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "[0]";
  CHECK_FALSE(merged_chart_values(Value(), std::vector{secret_at("a" + deep, "x")}).has_value());

  std::string wide = "x";
  for (int i = 0; i < 20; ++i) wide += ",a" + std::to_string(i) + "[65536]=1";
  CHECK_FALSE(merged_chart_values(Value(), std::vector{secret_at("a", wide)}).has_value());
  const std::string one = "x,b[65536]=1";
  CHECK(merged_chart_values(Value(), std::vector{secret_at("a", one)}).has_value());
}

TEST_CASE("a reference leads to the text of a ConfigMap or the decoded text of a Secret") {
  const Value config_map = yaml_value("{kind: ConfigMap, data: {values.yaml: 'a: 1'}}");
  const Value secret =
      yaml_value("{kind: Secret, data: {values.yaml: YTogMQ==, odd: '*', raw: /w==}}");
  ValuesReference reference{.kind = "ConfigMap", .name = "a"};
  CHECK(referenced_text(reference, &config_map).value() == "a: 1");
  reference.kind = "Secret";
  CHECK(referenced_text(reference, &secret).value() == "a: 1");
  reference.key = "odd";
  CHECK(referenced_text(reference, &secret).error().kind == ErrorKind::invalid);
  reference.key = "raw";
  CHECK(referenced_text(reference, &secret).error().kind == ErrorKind::invalid);
}

TEST_CASE("what a reference names must be there unless it is optional") {
  const Value config_map = yaml_value("{kind: ConfigMap, data: {other: x}}");
  ValuesReference reference{.kind = "ConfigMap", .name = "a"};
  CHECK(referenced_text(reference, nullptr).error().kind == ErrorKind::unavailable);
  CHECK(referenced_text(reference, &config_map).error().kind == ErrorKind::unavailable);
  reference.is_optional = true;
  CHECK(referenced_text(reference, nullptr).value() == std::nullopt);
  CHECK(referenced_text(reference, &config_map).value() == std::nullopt);
}

}  // namespace
}  // namespace primocane
