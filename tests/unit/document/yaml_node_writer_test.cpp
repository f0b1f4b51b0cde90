// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_node_writer.hpp"

#include "document/json.hpp"
#include "document/written_scalar.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>
#include <string_view>

namespace primocane {
namespace {

// Without line breaks at the end, as the table has it.
std::string printed(std::string_view text) {
  std::string written = write_yaml_nodes(yaml_value(text)).value();
  written.resize(written.find_last_not_of('\n') + 1);
  return written;
}

TEST_CASE("YAML is printed with its quotes and brackets, and otherwise normalised") {
  std::ifstream file(PRIMOCANE_SOURCE_DIR "/tests/unit/document/scalars/table.jsonl");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    const Value row = read_json(line, "table.jsonl").value();
    const Array& items = *row.as_array();
    if (items.at(0) != Value("nodes")) continue;
    ++rows;
    INFO(*items.at(1).as_string());
    CHECK(printed(*items.at(1).as_string()) == *items.at(2).as_string());
  }
  CHECK(rows > 30);
}

TEST_CASE("a folded text that ends in a line break is followed by an empty line") {
  CHECK(printed("a: >\n  one\n  two\nb: 1\n") == "a: >\n  one two\n\nb: 1");
  CHECK(printed("a: >-\n  one\n  two\nb: 1\n") == "a: >-\n  one two\nb: 1");
}

TEST_CASE("a scalar with another text keeps its quotes, or gets those it needs") {
  const auto changed = [](std::string_view text, std::string_view to) {
    Value value = yaml_value(text);
    REQUIRE(set_scalar_text(*value.as_object()->find("a"), to).has_value());
    return write_yaml_nodes(value).value();
  };
  CHECK(changed("a: \"x\"\n", "y") == "a: \"y\"");
  CHECK(changed("a: 'x'\n", "it's") == "a: 'it''s'");
  CHECK(changed("a: 'x'\n", "two\nlines") == "a: 'two\n\n  lines'");
  CHECK(changed("a: 'x'\n", "a\n\nb\n") == "a: 'a\n\n\n  b\n\n'");
  CHECK(changed("a: \"x\"\n", "two\nlines") == "a: \"two\\nlines\"");
  CHECK(changed("a: x\n", "5") == "a: \"5\"");
  CHECK(changed("a: x\n", "yes") == "a: yes");
  CHECK(changed("a: x\n", "b: c") == "a: 'b: c'");
  CHECK(changed("a: x\n", "b\nc") == "a: |-\n  b\n  c");
  CHECK(changed("a: |\n  x\n", "y") == "a: |-\n  y");
  CHECK(changed("a: 1\n", "0644") == "a: 0644");
  CHECK(changed("a: 1.5\n", "2.50") == "a: 2.50");
  CHECK(changed("a: 1.5\n", "2") == "a: !!float 2");
  CHECK(changed("'a': \"x\"\n", "y") == "'a': \"y\"");
}

TEST_CASE("values that were never written are printed like others") {
  CHECK(write_yaml_nodes(Object{{"a", Array{1, "5", Object{}, Array{}, Value(), true, ""}}}) ==
        "a:\n- 1\n- \"5\"\n- {}\n- []\n- null\n- true\n- \"\"");
}

TEST_CASE("what would be lost is refused") {
  CHECK_FALSE(write_yaml_nodes(yaml_value("a: 0x1F\n")).has_value());
  CHECK_FALSE(write_yaml_nodes(yaml_value("a: >\n  b\n\n  c\n")).has_value());
  CHECK_FALSE(write_yaml_nodes(yaml_value("? " + std::string(200, 'k') + "\n: 1\n")).has_value());
}

}  // namespace
}  // namespace primocane
