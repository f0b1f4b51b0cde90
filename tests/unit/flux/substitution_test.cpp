// SPDX-License-Identifier: Apache-2.0
#include "flux/substitution.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {
namespace {

Value substituted(Value object, Variables variables,
                  SubstituteStrategy strategy = SubstituteStrategy::with_variables) {
  const Substitution substitution(std::move(variables), strategy);
  const auto done = substitution.apply(object, {});
  return done ? object : Value("error: " + done.error().message);
}

std::string message(std::string_view yaml, Variables variables) {
  const Value result = substituted(yaml_value(yaml), std::move(variables));
  return result.as_string() != nullptr ? *result.as_string() : write_json(result);
}

TEST_CASE("random objects come out as they do in Flux") {
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/envsubst/cases.jsonl")) {
    const Value* const object = row.find("object");
    if (object == nullptr) continue;
    ++compared;
    CAPTURE(write_json(row));
    Variables variables;
    for (const auto& [name, value] : *row.find("variables")->as_object()) {
      variables.emplace(name, *value.as_string());
    }
    const Value result = substituted(*object, std::move(variables));
    CAPTURE(result);
    const Value* const expected = row.find("result");
    REQUIRE((result.as_string() == nullptr) == (expected != nullptr));
    if (expected != nullptr) REQUIRE(result == *expected);
  }
  CHECK(compared > 100);
}

TEST_CASE("a value becomes what YAML reads in it, and stays a text in quotes") {
  CHECK(substituted(yaml_value("a: ${N}\nb: ${B}\nc: '${N} '\nd: ${M}\n"),
                    {{"N", "80"}, {"B", "yes"}, {"M", "{x: 1}"}}) ==
        yaml_value("a: 80\nb: true\nc: '80 '\nd: {x: 1}\n"));
  CHECK(substituted(yaml_value("a: '\"${N}\"'\n"), {{"N", "80"}}) == yaml_value("a: '\"80\"'\n"));
}

TEST_CASE("an object that says so is left alone, by label or annotation") {
  for (const char* const place : {"labels", "annotations"}) {
    const Value object = yaml_value(std::string("metadata:\n  ") + place +
                                    ":\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n"
                                    "data: {a: '${MISSING} $$'}\n");
    CHECK(substituted(object, {{"A", "1"}}) == object);
  }
}

TEST_CASE("without variables nothing is looked at, unless it is always") {
  const Value object = yaml_value("a: ${A:=x}\n");
  CHECK(substituted(object, {}) == object);
  CHECK(substituted(object, {}, SubstituteStrategy::always) == yaml_value("a: x\n"));
}

TEST_CASE("line feeds in values are dropped") {
  CHECK(substituted(yaml_value("a: ${A}\n"), {{"A", "one\ntwo\n"}}) == yaml_value("a: onetwo\n"));
}

TEST_CASE("an error names the field and never a value") {
  const std::string missing = message("data: {list: [x, 'y ${MISSING}']}\n", {{"A", "hidden"}});
  CHECK(missing.starts_with("error: data.list[1]: the variable \"MISSING\" is not set"));
  const std::string broken =
      message("data: {a: '${A}', b: 'b ${B}'}\n", {{"A", "1"}, {"B", "x: \"hidden"}});
  CHECK(broken.starts_with("error: data.b: the values of the variables"));
  CHECK(broken.find("hidden") == std::string::npos);
  CHECK(message("data: {'x${': 1}\n", {{"A", "1"}}).starts_with("error: data.x${: "));
}

TEST_CASE("the fields into which a variable out of a Secret went are told") {
  const Substitution substitution({{"A", "open"}, {"B", "hidden"}},
                                  SubstituteStrategy::with_variables, {"B"});
  const auto fields_of = [&substitution](std::string_view yaml) {
    Value object = yaml_value(yaml);
    const auto fields = substitution.apply(object, {});
    REQUIRE(fields.has_value());
    return *fields;
  };
  CHECK(fields_of("{a: '${A}', b: 'b'}\n").empty());
  const ConfidentialFields one = fields_of("{a: '${A}', b: {c: [x, 'x ${B:0:3}']}}\n");
  REQUIRE(one.size() == 1);
  CHECK(one.front().str() == "/b/c/1");
  CHECK(fields_of("{a: '${B: -2}', b: '${#B}'}\n").size() == 2);
}

TEST_CASE("a variable whose name is none is refused") {
  for (const char* const name : {"", "1a", "a-b", "a.b", "ä", "a b"}) {
    CHECK(message("a: b\n", {{name, "x"}}).find("is no name of a variable") != std::string::npos);
  }
}

TEST_CASE("what is no mapping any more is refused") {
  CHECK(message("'${A}': 1\n", {{"A", "- "}}).starts_with("error: "));
}

}  // namespace
}  // namespace primocane
