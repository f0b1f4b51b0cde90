// SPDX-License-Identifier: Apache-2.0
#include "expression/expression.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (; count > 0; --count) result += text;
  return result;
}

std::string load_error(std::string_view text) {
  const auto condition = ObjectCondition::parse(text);
  return condition ? "" : condition.error().message;
}

std::string ready_error(std::string_view text) {
  const auto condition = ReadyCondition::parse(text);
  return condition ? "" : condition.error().message;
}

std::string evaluation_error(std::string_view text, const Value& object) {
  const auto holds = ObjectCondition::parse(text).value().holds_for(object);
  return holds ? "" : holds.error().message;
}

}  // namespace

TEST_CASE("a wrong expression is told with line and column") {
  CHECK(load_error("") == "1:1: expected a value at the end");
  CHECK(load_error("foo.") == "1:5: expected the name of a field at the end");
  CHECK(load_error("a &&\n  b)") == "2:4: expected the end or an operator, not )");
  CHECK(load_error("'ä' == 'b") ==
        "1:8: \"'\": a string begins that does not end, or that holds an escape which is none");
  CHECK(load_error("a.`b-c`") ==
        "1:3: \"`\": names in backquotes are not supported: write [\"name\"]");
  CHECK(load_error("a = 1") == "1:3: \"=\": nothing in an expression begins like this");
  CHECK(load_error("namespace == 'a'") == "1:1: \"namespace\" is a reserved word");
  CHECK(load_error("true || toUpper(a)") == "1:9: there is no function \"toUpper\"");
  CHECK(load_error("a.contains()") == "1:3: \"contains\" does not take 0 arguments");
  CHECK(load_error("9223372036854775808") == "1:1: 9223372036854775808 does not fit into 64 bits");
  CHECK(load_error("duration('tomorrow')") == "1:1: the string is no duration");
  CHECK(load_error("a.matches('(')").starts_with("1:11: "));
  CHECK(
      load_error("[1].all(1, true)").starts_with("1:5: the first argument of all must be a name"));
  CHECK(load_error("has(a)").starts_with("1:1: has() takes a field"));
  CHECK(load_error("Thing{a: 1}") == "1:1: messages are not supported");
}

TEST_CASE("a condition of readyExpr is checked for its types") {
  CHECK(ready_error("dep.status.ready") ==
        "1:12: the result must be known to be true or false, and is of type dyn: compare it, as in "
        "\"... == true\"");
  CHECK(ready_error("status.ready == true") ==
        "1:1: there is no \"status\": the variables are self and dep");
  CHECK(ready_error("dep == 'a'") == "1:5: there is no == for (map(string, dyn), string)");
  CHECK(ready_error("dep.status.ready == true && 1").starts_with("1:29: a condition must be"));
  CHECK(ready_error("'a'.x == 1") == "1:5: a value of type string has no field \"x\"");
  CHECK(ready_error("[1, 'a'] == []") ==
        "1:5: a value of type string stands beside one of type int");
}

TEST_CASE("a condition on two objects sees both") {
  const auto condition =
      ReadyCondition::parse("dep.metadata.labels.version == self.metadata.labels.version");
  REQUIRE(condition.has_value());
  const Value self = yaml_value("{metadata: {labels: {version: a}}}");
  const Value dep = yaml_value("{metadata: {labels: {version: b}}}");
  CHECK(condition->holds_for(self, self) == true);
  CHECK(condition->holds_for(self, dep) == false);
  CHECK(condition->holds_for(self, Value()).error().message ==
        "there is no \"metadata\" in a value of type null_type");
}

TEST_CASE("what has no answer is an error that never holds a value") {
  const Value object = yaml_value("{spec: {password: hunter2, count: 3}}");
  CHECK(evaluation_error("spec.none", object) == "there is no \"none\"");
  CHECK(evaluation_error("none", object) == "there is no \"none\"");
  CHECK(evaluation_error("spec.password", object) ==
        "the result must be true or false, not of type string");
  CHECK(evaluation_error("spec.password > 1", object) ==
        "there is no order between string and int");
  CHECK(evaluation_error("spec.password + 1", object) == "there is no + for string and int");
  CHECK(evaluation_error("int(spec.password) > 1", object) == "the string is no int");
  CHECK(evaluation_error("spec.count && true", object) ==
        "a condition must be true or false, not of type int");
}

TEST_CASE("an expression that loops long costs too much") {
  const Value object = yaml_value("{n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}");
  CHECK(evaluation_error("n.all(a, n.all(b, n.all(c, n.all(d, n.all(e, n.all(f, true))))))",
                         object) == "the expression costs too much");
  // Neither || nor exists() hides that.
  CHECK(evaluation_error(
            "n.exists(a, n.all(b, n.all(c, n.all(d, n.all(e, n.all(f, true)))))) || true",
            object) == "the expression costs too much");
}

TEST_CASE("an expression that makes long texts or lists costs too much") {
  const Value object =
      yaml_value("{a: " + repeated("x", 60'000) + ", n: [1, 2, 3, 4, 5, 6, 7, 8]}");
  const std::string longer = "(" + repeated("a + ", 99) + "a)";
  CHECK(evaluation_error(longer + " == ''", object) == "the expression costs too much");
  CHECK(evaluation_error("n.map(x, a.replace('x', 'xxxxxxxxxx')).size() == 1", object) ==
        "the expression costs too much");
  CHECK(evaluation_error("'%.1000000f'.format([1.0]) + '%.999999f'.format([1.0]) + "
                         "'%.999999f'.format([1.0]) + '%.999999f'.format([1.0]) == ''",
                         object) == "the expression costs too much");
  CHECK(evaluation_error("n.map(x, a.split('')).size() == 1", object) ==
        "the expression costs too much");
}

TEST_CASE("the size and the depth of an expression are bounded") {
  CHECK(
      load_error(repeated(" ", 32 * 1024) + "true").starts_with("the expression has 32772 bytes"));
  CHECK(load_error(repeated("(", 101) + "true" + repeated(")", 101)) ==
        "1:101: more than 100 brackets or conditions lie in each other");
  CHECK(load_error("1" + repeated(" + 1", 300)).ends_with("more than 250 parts lie in each other"));
  CHECK(load_error("a" + repeated(".b", 300)).ends_with("more than 250 parts lie in each other"));
  // A row of && is no depth.
  CHECK(load_error("true" + repeated(" && true", 1000)).empty());
  CHECK(load_error(repeated("!", 30'000) + "true").empty());
}

TEST_CASE("a type of any size costs no more than others") {
  std::string text = "[1]";
  for (int level = 0; level < 60; ++level) text += ".map(x, {'a': [x], 'b': [x]})";
  CHECK(ready_error(text + ".size() == 1").empty());
  text = "[1]";
  for (int level = 0; level < 60; ++level) text += ".map(x, {x: x})";
  CHECK(ready_error(text + ".size() == 1").ends_with("cost too much"));
}
