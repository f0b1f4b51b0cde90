// SPDX-License-Identifier: Apache-2.0
// Compares expressions with cel-go: tests/oracle/expressions/cases.jsonl, which a program on that
// module prints.
#include "base/base64.hpp"
#include "document/go_number.hpp"
#include "document/json.hpp"
#include "expression/evaluator.hpp"
#include "expression/expression.hpp"
#include "expression/times.hpp"
#include "support/json_lines.hpp"
#include "support/read_text.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace primocane;

namespace {

std::string text_of(const CelValue& value);

std::string text_of_real(double value) {
  if (std::isnan(value)) return "NaNd";
  if (std::isinf(value)) return value < 0 ? "-Infd" : "+Infd";
  return go_general_float(value) + "d";
}

std::string text_of_list(const CelList& list) {
  std::string text = "[";
  for (std::size_t index = 0; index < list.size(); ++index) {
    text += (index == 0 ? "" : ", ") + text_of(list.at(index));
  }
  return text + "]";
}

std::string text_of_map(const CelMap& map) {
  std::vector<std::string> entries;
  for (std::size_t index = 0; index < map.size(); ++index) {
    entries.push_back(text_of(map.key_at(index)) + ": " + text_of(map.value_at(index)));
  }
  std::ranges::sort(entries);
  std::string text = "{";
  for (const std::string& entry : entries) text += (text.size() == 1 ? "" : ", ") + entry;
  return text + "}";
}

// A value with its types, as the program writes it.
std::string text_of(const CelValue& value) {
  switch (value.kind()) {
    case CelKind::null:
      return "null";
    case CelKind::boolean:
      return *value.as<bool>() ? "true" : "false";
    case CelKind::integer:
      return fmt::format("{}", *value.as<std::int64_t>());
    case CelKind::unsigned_integer:
      return fmt::format("{}u", *value.as<std::uint64_t>());
    case CelKind::real:
      return text_of_real(*value.as<double>());
    case CelKind::text:
      return write_json(Value(value.view()));
    case CelKind::bytes:
      return fmt::format("b\"{}\"", to_base64(value.view()));
    case CelKind::timestamp:
      return fmt::format("timestamp({})", time_text(*value.as<CelTimestamp>()));
    case CelKind::duration:
      return fmt::format("duration({})", value.as<CelDuration>()->nanoseconds);
    case CelKind::list:
      return text_of_list(*value.as<CelList>());
    case CelKind::map:
      return text_of_map(*value.as<CelMap>());
    case CelKind::type:
      return fmt::format("type({})", to_string(*value.as<CelKind>()));
    case CelKind::optional: {
      const auto& inner = value.as<CelOptional>()->value;
      return inner == nullptr ? "optional.none()" : fmt::format("optional({})", text_of(*inner));
    }
    case CelKind::any:
      break;
  }
  return "?";
}

// "value: ..." or "error: load" or "error: evaluation".
struct Outcome {
  std::string text;
  std::string message;
};

Outcome outcome_of(const Value& row, const Value& world) {
  const std::string_view text = row.text_at("expression");
  const bool is_ready = row.text_at("scope") == "ready";
  const auto tree = is_ready ? load_ready_expression(text) : load_object_expression(text);
  if (!tree) return {"error: load", tree.error().message};
  const std::vector<ExpressionVariable> named = {{"self", world.find("self")},
                                                 {"dep", world.find("dep")}};
  ExpressionVariables variables;
  if (is_ready) variables.named = named;
  if (!is_ready) variables.fields = world.find("object")->as_object();
  Budget budget(100'000, 4 * 1024 * 1024);
  const auto value = evaluate_tree(*tree, variables, budget);
  if (!value) return {"error: evaluation", value.error().message};
  return {"value: " + text_of(*value), ""};
}

// What is expected, and what else is as good.
bool is_expected(const Value& row, const Outcome& outcome) {
  const std::string_view error = row.text_at("error");
  if (error.empty()) return outcome.text == fmt::format("value: {}", row.text_at("value"));
  if (error == "function") return outcome.text == "error: load";
  return outcome.text == fmt::format("error: {}", error);
}

}  // namespace

TEST_CASE("an expression is worth what it is worth in cel-go") {
  const std::string folder = PRIMOCANE_SOURCE_DIR "/tests/oracle/expressions/";
  const Value world = yaml_value(read_text(folder + "world.yaml").value());
  std::size_t compared = 0;
  for (const Value& row : json_lines(folder + "cases.jsonl")) {
    const Outcome outcome = outcome_of(row, world);
    CAPTURE(write_json(row), outcome.text, outcome.message);
    CHECK(is_expected(row, outcome));
    ++compared;
  }
  CHECK(compared > 1200);
}
