// SPDX-License-Identifier: Apache-2.0
// Compares the YAML reader and writer with kustomize 5.8.1, through a table that
// tests/unit/document/scalars made with its modules.
#include "document/json.hpp"
#include "document/key_order.hpp"
#include "document/yaml_reader.hpp"
#include "document/yaml_writer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace primocane;

namespace {

std::vector<Array> rows_of(std::string_view kind) {
  std::ifstream file(PRIMOCANE_SOURCE_DIR "/tests/unit/document/scalars/table.jsonl");
  std::vector<Array> rows;
  for (std::string line; std::getline(file, line);) {
    Result<Value> row = read_json(line, "table.jsonl");
    REQUIRE(row.has_value());
    Array& items = *row->as_array();
    if (items.at(0) == Value(kind)) rows.push_back(std::move(items));
  }
  return rows;
}

}  // namespace

TEST_CASE("a YAML scalar has the type and the JSON text that kustomize gives it") {
  const std::vector<Array> rows = rows_of("read");
  REQUIRE(rows.size() > 250);
  for (const Array& row : rows) {
    const std::string& scalar = *row.at(1).as_string();
    CAPTURE(scalar);
    const auto documents = read_yaml("name: test\nvalue: " + scalar + "\n", "test.yaml");
    if (row.at(2).is_null()) {
      CHECK_FALSE(documents.has_value());
      continue;
    }
    if (!documents) FAIL_CHECK(documents.error().message);
    if (!documents) continue;
    REQUIRE(documents->size() == 1);
    const Value* value = documents->front().value.find("value");
    REQUIRE(value != nullptr);
    const auto expected = read_json(*row.at(2).as_string(), "table.jsonl");
    CHECK(write_canonical_json(*value) == write_canonical_json(expected.value()));
  }
}

TEST_CASE("a value is printed with the quotes and line breaks that kustomize gives it") {
  const std::vector<Array> rows = rows_of("write");
  REQUIRE(rows.size() > 300);
  for (const Array& row : rows) {
    CAPTURE(write_json(row.at(1)));
    const std::string printed = write_yaml(Object{{"value", row.at(1)}});
    CHECK(printed == *row.at(2).as_string());
  }
}

TEST_CASE("a document is read and printed as kustomize does") {
  const std::vector<Array> rows = rows_of("document");
  REQUIRE(rows.size() > 150);
  for (const Array& row : rows) {
    const std::string& text = *row.at(1).as_string();
    CAPTURE(text);
    const auto documents = read_yaml(text, "test.yaml");
    if (row.at(2).is_null()) {
      CHECK_FALSE(documents.has_value());
      continue;
    }
    if (!documents) FAIL_CHECK(documents.error().message);
    if (!documents) continue;
    REQUIRE(documents->size() == 1);
    const Value& value = documents->front().value;
    CHECK(write_canonical_json(value) == write_canonical_json(row.at(2)));
    CHECK(write_yaml(in_printed_order(value)) == *row.at(3).as_string());
  }
}
