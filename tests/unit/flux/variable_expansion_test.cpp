// SPDX-License-Identifier: Apache-2.0
#include "flux/variable_expansion.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {
namespace {

constexpr ByteCount size_max(1024 * 1024);

Variables variables_of(const Value& row) {
  Variables variables;
  for (const auto& [name, value] : *row.find("variables")->as_object()) {
    variables.emplace(name, *value.as_string());
  }
  return variables;
}

// How many texts of `path` were compared.
std::size_t compare_texts(const std::string& path) {
  std::size_t compared = 0;
  for (const Value& row : json_lines(path)) {
    if (row.find("text") == nullptr) continue;
    ++compared;
    CAPTURE(write_json(row));
    const auto expanded = expand_variables(row.text_at("text"), variables_of(row), size_max);
    CAPTURE(expanded ? *expanded : expanded.error().message);
    const Value* const result = row.find("result");
    REQUIRE(expanded.has_value() == (result != nullptr));
    if (expanded) REQUIRE(*expanded == *result->as_string());
  }
  return compared;
}

std::string message(std::string_view text, const Variables& variables = {}) {
  const auto expanded = expand_variables(text, variables, size_max);
  return expanded ? "expanded: " + *expanded : expanded.error().message;
}

TEST_CASE("Flux's own cases of substitution come out as they do in Flux") {
  CHECK(compare_texts(PRIMOCANE_SOURCE_DIR "/tests/unit/flux/envsubst.jsonl") == 63);
}

TEST_CASE("random texts come out as they do in Flux") {
  CHECK(compare_texts(PRIMOCANE_SOURCE_DIR "/tests/oracle/envsubst/cases.jsonl") > 250);
}

TEST_CASE("a variable that is not set is an error that names it") {
  CHECK(message("a: ${SECRET_DOMAIN}").find("\"SECRET_DOMAIN\" is not set") != std::string::npos);
  CHECK(message("${#NAME}").find("\"NAME\" is not set") != std::string::npos);
  CHECK(message("${SET:=${NAME}}", {{"SET", "1"}}).find("\"NAME\"") != std::string::npos);
  CHECK(message("${NAME:=}") == "expanded: ");
}

TEST_CASE("a dollar that begins no expression stays, and two are one") {
  CHECK(message("$a $ $1 $(b) cost: 5$") == "expanded: $a $ $1 $(b) cost: 5$");
  CHECK(message("$${a} $$5 $$$${b}") == "expanded: ${a} $5 $${b}");
}

TEST_CASE("an expression that ends too early says how to write a dollar") {
  for (const std::string_view text :
       {"${", "${}", "${a", "${a:", "${a/", "${a/b", "${a-b}", "${a%"}) {
    CAPTURE(text);
    CHECK(message(text, {{"a", "x"}}).find("\"$${\" stands for \"${\"") != std::string::npos);
  }
}

TEST_CASE("no text grows beyond its bound, however it is written") {
  const Variables variables{{"a", std::string(2000, 'a')}};
  std::string text = "${a}";
  for (int i = 0; i < 10; ++i) text = "${a//a/" + text + "}";
  CHECK(message(text, variables).find("larger than 1.0 MiB") != std::string::npos);
  std::string row;
  for (int i = 0; i < 1000; ++i) row += "${a}";
  CHECK(message(row, variables).find("larger than 1.0 MiB") != std::string::npos);
  CHECK(message("${b:=" + row + "}", variables).find("larger than") != std::string::npos);
}

TEST_CASE("expressions within each other have a bound") {
  std::string text = "x";
  for (int i = 0; i < 60; ++i) text = "${a:=" + text + "}";
  CHECK(message(text).find("more than 50 expressions") != std::string::npos);
}

TEST_CASE("a pattern that takes too long is given up") {
  const Variables variables{{"a", std::string(20'000, 'a')}};
  CHECK(message("${a##*a*a*a*b}", variables).find("takes too long") != std::string::npos);
}

TEST_CASE("letters of other scripts have their cases too") {
  const Variables variables{{"a", "straße ǆ ω"}, {"b", "ÅNGSTRÖM"}};
  CHECK(message("${a^^} ${b,,} ${b,} ${a^}", variables) ==
        "expanded: STRAßE Ǆ Ω ångström åNGSTRÖM Straße ǆ ω");
}

}  // namespace
}  // namespace primocane
