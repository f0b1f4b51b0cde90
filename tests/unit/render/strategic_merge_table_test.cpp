// SPDX-License-Identifier: Apache-2.0
// Compares our merges with those of kustomize 5.8.1: tests/oracle/merges/cases.jsonl, which
// the Go program there prints, and any number more of its lines in the file that PRIMOCANE_MERGES
// names.
#include "document/json.hpp"
#include "render/patch_schema.hpp"
#include "render/strategic_merge.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>

namespace primocane {

namespace {

PatchSchema schema_of(const Value& row) {
  if (row.find("schema") == nullptr) return {};
  return PatchSchema::read(read_json(row.text_at("schema"), "schema.json").value(), "schema.json",
                           BuiltInTypes::left_out)
      .value();
}

// The merged object as JSON, "null" if it is deleted, or "error: " and what is wrong.
std::string merged(const Value& row) {
  Value target = yaml_value(row.text_at("target"));
  const auto outcome = strategic_merge(target, yaml_value(row.text_at("patch")), schema_of(row));
  if (!outcome) return "error: " + outcome.error().message;
  return *outcome == MergeOutcome::deleted ? "null" : write_canonical_json(target);
}

// How many lines the file has. Errors are equal, whatever they say.
std::size_t compare_lines_of(const std::string& path) {
  std::ifstream file(path);
  std::size_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    const Value row = read_json(line, path).value();
    const Value* theirs = row.find("merged");
    const std::string ours = merged(row);
    const bool fits =
        theirs == nullptr ? ours.starts_with("error: ") : ours == write_canonical_json(*theirs);
    if (fits) continue;
    UNSCOPED_INFO(row.text_at("target") << "--- merged with\n" << row.text_at("patch"));
    UNSCOPED_INFO("schema: " << row.text_at("schema"));
    UNSCOPED_INFO("kustomize: " << write_json_pretty(row));
    FAIL_CHECK("ours: " << ours);
  }
  return count;
}

}  // namespace

TEST_CASE("strategic merges give what kustomize's give") {
  CHECK(compare_lines_of(PRIMOCANE_SOURCE_DIR "/tests/oracle/merges/cases.jsonl") >= 100);
  if (const char* more = std::getenv("PRIMOCANE_MERGES")) CHECK(compare_lines_of(more) > 0);
}

}  // namespace primocane
