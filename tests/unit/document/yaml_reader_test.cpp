// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_reader.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

using namespace primocane;

namespace {

Value only_document(std::string_view text) {
  auto documents = read_yaml(text, "test.yaml");
  if (!documents) FAIL(documents.error().message);
  REQUIRE(documents->size() == 1);
  return std::move(documents->front().value);
}

// The message of the `invalid` error that reading `text` must end with.
std::string refusal(std::string_view text, const DocumentLimits& limits = {}) {
  const auto documents = read_yaml(text, "test.yaml", limits);
  if (documents) return "accepted";
  CHECK(documents.error().kind == ErrorKind::invalid);
  return documents.error().message;
}

bool is_refused_at(int line, std::string_view text, const DocumentLimits& limits = {}) {
  const std::string message = refusal(text, limits);
  CAPTURE(text.substr(0, 200), message);
  const bool is_there = message.starts_with("test.yaml:" + std::to_string(line) + ": ");
  CHECK(is_there);
  return is_there;
}

std::string repeated(std::string_view text, int count) {
  std::string all;
  for (int index = 0; index < count; ++index) all += text;
  return all;
}

}  // namespace

TEST_CASE("a stream is read document by document, and empty ones are left out") {
  const auto documents = read_yaml(
      "# only a comment\n---\na: 1\n---\n---\nnull\n---\n~\n--- # next\nb: 2\n...\n", "f");
  REQUIRE(documents.has_value());
  REQUIRE(documents->size() == 2);
  CHECK((*documents)[0].value == Value(Object{{"a", 1}}));
  CHECK((*documents)[0].line == 2);
  CHECK((*documents)[1].value == Value(Object{{"b", 2}}));
  CHECK((*documents)[1].line == 9);
}

TEST_CASE("an empty text holds no documents") {
  for (const char* text : {"", "\n", "# comment", "---\n", "\xEF\xBB\xBF", "---\n---\n", "   \n"}) {
    CAPTURE(text);
    const auto documents = read_yaml(text, "f");
    REQUIRE(documents.has_value());
    CHECK(documents->empty());
  }
}

TEST_CASE("values know the line on which they begin") {
  const Value value = only_document(
      "# comment\nmetadata:\n  name: web\nspec:\n- a: 1\n  b: |\n    text\n- - x\n- {c: 2,\n   d: "
      "3}\n");
  CHECK(value.line() == 2);
  CHECK(value.find("metadata")->line() == 2);
  CHECK(value.find("metadata", "name")->line() == 3);
  const Array& items = *value.find("spec")->as_array();
  CHECK(value.find("spec")->line() == 4);
  CHECK(items[0].line() == 5);
  CHECK(items[0].find("b")->line() == 6);
  CHECK((*items[1].as_array())[0].line() == 8);
  CHECK(items[2].find("c")->line() == 9);
  CHECK(items[2].find("d")->line() == 10);
}

TEST_CASE("lines are counted over all documents, and with any line ends") {
  const auto documents = read_yaml("a: 1\r\n---\r\n\r\nb: 2\r\n", "f");
  REQUIRE(documents.has_value());
  REQUIRE(documents->size() == 2);
  CHECK((*documents)[1].value.find("b")->line() == 4);
}

TEST_CASE("a value that is left out is on the line of its key") {
  const auto documents = read_yaml("a: 1\nb:\n\nc:\n  d:\ne: 2\n", "f");
  REQUIRE(documents);
  const Value& value = documents->front().value;
  CHECK(value.find("b")->line() == 2);
  CHECK(value.find("c", "d")->line() == 5);
  CHECK(value.find("e")->line() == 6);
}

TEST_CASE("a byte order mark and carriage returns do not reach the values") {
  CHECK(only_document("\xEF\xBB\xBF"
                      "a: |\r\n  x\r\n  y\r\n") == Value(Object{{"a", "x\ny\n"}}));
}

TEST_CASE("a separator inside a block scalar is text") {
  CHECK(only_document("a: |\n  ---\n  b: c\n") == Value(Object{{"a", "---\nb: c\n"}}));
}

TEST_CASE("aliases stand for copies and merge keys for the members that are missing") {
  const Value value = only_document(
      "base: &base {image: a, port: 1}\nweb:\n  <<: *base\n  port: 2\nboth:\n  <<: [*base, {port: "
      "3, x: 4}]\n");
  CHECK(write_json(*value.find("web")) == R"({"port":2,"image":"a"})");
  CHECK(write_json(*value.find("both")) == R"({"image":"a","port":1,"x":4})");
}

TEST_CASE("a quoted << is an ordinary key") {
  CHECK(only_document("\"<<\": {a: 1}\n") == Value(Object{{"<<", Object{{"a", 1}}}}));
}

TEST_CASE("a syntax error is reported with file and line") {
  is_refused_at(3, "a: 1\nb: 2\nc: [1, 2\n");
  is_refused_at(2, "a: 1\nb: : 2\n");
  is_refused_at(2, "a: 1\n\tb: 2\n");
  is_refused_at(2, "a: 1\n@b: 2\n");
  is_refused_at(3, "a:\n  b: 1\n c: 2\n");
  is_refused_at(1, "a: *nothing\n");
}

TEST_CASE("what yaml-cpp would silently misread is refused") {
  SECTION("a quote that is never closed") { is_refused_at(2, "a: 1\nb: \"text\n\n"); }
  SECTION("a key without a colon at the end") { is_refused_at(2, "a: 1\nb\n"); }
  SECTION("a second root without a separator") { is_refused_at(2, "  a: 1\nb: 2\n"); }
  SECTION("a document after the end marker") { is_refused_at(3, "a: 1\n...\nb: 2\n"); }
  SECTION("a line that looks like a directive") { is_refused_at(2, "a: 1\n%b: 2\n"); }
  SECTION("a directive") { is_refused_at(1, "%YAML 1.2\n---\na: 1\n"); }
  SECTION("a missing item") { is_refused_at(1, "a: [1,,2]\n"); }
  SECTION("a missing key") { is_refused_at(1, "a: {: 1}\n"); }
  SECTION("an address that ends in a colon") { is_refused_at(1, "a: [fd00::]\n"); }
  SECTION("a separator with something behind it") { is_refused_at(2, "a: 1\n--- b: 2\n"); }
  SECTION("armour that looks like a separator") { is_refused_at(2, "a: 1\n-----BEGIN KEY-----\n"); }
}

TEST_CASE("a duplicate key is refused with both lines") {
  CHECK(refusal("a: 1\nb: 2\na: 3\n") == "test.yaml:3: the key \"a\" is given already on line 1");
  is_refused_at(2, "a: 1\n\"a\": 2\n");
  is_refused_at(1, "{a: 1, a: 2}\n");
}

TEST_CASE("a duplicate among many keys is found in reasonable time") {
  std::string text;
  for (int index = 0; index < 100'000; ++index) text += "k" + std::to_string(index) + ": 1\n";
  is_refused_at(100'001, text + "k5: 1\n");
}

TEST_CASE("a key must be a string") {
  for (const char* key :
       {"1", "true", "null", "~", "1.5", "2001-01-01", "[a]", "{a: b}", "? [a]"}) {
    CAPTURE(key);
    is_refused_at(2, "data:\n  " + std::string(key) + ": a\n");
  }
  CHECK(only_document("\"1\": a\nyes: b\n!!str 2: c\n") ==
        Value(Object{{"1", "a"}, {"yes", "b"}, {"2", "c"}}));
}

TEST_CASE("control characters and bytes that are not UTF-8 are refused with their line") {
  is_refused_at(2, std::string_view("a: 1\nb: \0\n", 10));
  is_refused_at(2, "a: 1\nb: \x01\n");
  is_refused_at(2, "a: 1\nb: \x7F\n");
  is_refused_at(2, "a: 1\nb: \xC2\x80\n");
  is_refused_at(3, "a: 1\n# c\nb: \xFF\n");
  is_refused_at(1, "a: \xED\xA0\x80\n");
  is_refused_at(1, std::string_view("\xFF\xFE\x61\x00", 4));
}

TEST_CASE("a file that is too big is refused before it is read") {
  const std::string message = refusal(std::string(17 * 1024 * 1024, ' '));
  CHECK(message == "test.yaml: has 17.0 MiB, more than the 16.0 MiB that a file may have");
}

TEST_CASE("nesting is bounded, whatever makes it") {
  is_refused_at(1, repeated("[", 10'000));
  is_refused_at(1, repeated("{a: ", 10'000));
  is_refused_at(1, repeated("- ", 10'000));
  is_refused_at(1, repeated("? ", 10'000));
  is_refused_at(1, repeated("[", 10'000) + repeated("]", 10'000));
  std::string block;
  for (int depth = 0; depth < 1'000; ++depth) {
    block += repeated(" ", depth) + "a:\n";
  }
  is_refused_at(101, block);
  CHECK(only_document(repeated("[", 100) + repeated("]", 100)).is_array());
  is_refused_at(1, repeated("[", 101) + repeated("]", 101));
}

TEST_CASE("nesting is bounded through aliases as well") {
  const DocumentLimits limits{.depth = 5};
  CHECK(refusal("a: &a [[[1]]]\nb: *a\n", limits) == "accepted");
  is_refused_at(2, "a: &a [[[1]]]\nb: [[*a]]\n", limits);
}

TEST_CASE("an alias bomb is refused before it expands") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 12; ++level) {
    const std::string below = "*a" + std::to_string(level - 1);
    bomb += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + below +
            repeated(", " + below, 9) + "]\n";
  }
  is_refused_at(6, bomb);
}

TEST_CASE("a long string repeated by aliases is refused before it fills the memory") {
  const std::string text =
      "a: &a \"" + std::string(1024 * 1024, 'x') + "\"\nb: [" + repeated("*a, ", 1'000) + "]\n";
  is_refused_at(2, text);
}

TEST_CASE("anchors around anchors are bounded") {
  DocumentLimits limits;
  limits.nodes = 1'000;
  std::string text;
  for (int depth = 0; depth < 50; ++depth) text += "&a" + std::to_string(depth) + " [";
  text += "1" + repeated(", 1", 100) + repeated("]", 50);
  is_refused_at(1, text, limits);
}

TEST_CASE("an alias may not stand for what contains it") {
  is_refused_at(1, "a: &a [*a]\n");
  is_refused_at(2, "&a\nb: *a\n");
  is_refused_at(3, "&a\nb:\n  <<: *a\n");
}

TEST_CASE("an anchor does not reach into the next document") {
  is_refused_at(3, "a: &a 1\n---\nb: *a\n");
}

TEST_CASE("a message never holds what the file holds, which may be a password") {
  const std::string text =
      GENERATE("pw: *S3cret\n", "pw: \"a\\S3cret\"\n", "%YAML S3cret\n---\na\n", "pw: !<S3cret\n",
               "pw: \"\\xS3cret\"\n", "pw: S3cret: S3cret\n");
  const std::string message = refusal(text);
  CHECK(message != "accepted");
  CHECK(message.find('S', std::string_view("test.yaml").size()) == std::string::npos);
}

TEST_CASE("the number of values and documents and the length of strings are bounded") {
  is_refused_at(3, "- 1\n- 2\n- 3\n", {.nodes = 3});
  CHECK(refusal("- 1\n- 2\n- 3\n", {.nodes = 4}) == "accepted");
  is_refused_at(2, "a: 1\n---\nb: 1\n", {.documents = 1});
  is_refused_at(1, "a: xxxxxx\n", {.scalar = ByteCount(5)});
}

TEST_CASE("a flow collection does not fill the memory with tokens before it is looked at") {
  const DocumentLimits limits{.nodes = 10'000};
  const std::string expected = "test.yaml:1: a flow collection ([...] or {...}) has too many items";
  CHECK(refusal("a: [" + repeated("\"\" ", 100'000), limits) == expected);
  CHECK(refusal("[" + repeated("1,", 100'000) + "]", limits) == expected);
  CHECK(refusal(repeated("[", 100'000), limits) == expected);
}

TEST_CASE("values that JSON cannot hold are refused") {
  is_refused_at(2, "a: 1\nb: .inf\n");
  is_refused_at(2, "a: 1\nb: !!binary gIA=\n");
  is_refused_at(2, "a: 1\nb: !!int x\n");
}

TEST_CASE("a folded scalar is found below a collection with an anchor or a tag") {
  const auto read = [](std::string_view text) { return write_json(only_document(text)); };
  CHECK(read("a: &a\n  b: >-\n    x\n    y\n") == R"({"a":{"b":"x y"}})");
  CHECK(read("a: !!seq # comment\n- >2-\n  x\n") == R"({"a":["x"]})");
  CHECK(read("- &a\n\n  # comment\n  b: >-\n    x\n") == R"([{"b":"x"}])");
  CHECK(read("- &a b: >-\n    x\n") == R"([{"b":"x"}])");
  CHECK(read("a: !<tag:yaml.org,2002:str> >\n  x\n  y\n") == R"({"a":"x y\n"})");
  CHECK(read("a: !<tag:yaml.org,2002:str> \"\"\nb: c\n") == R"({"a":"","b":"c"})");
}

TEST_CASE("a null that is left out is told from one that is written") {
  const auto writing = [](std::string_view text) {
    return only_document(text).find("a")->spelling().writing;
  };
  CHECK(writing("a:\n") == Writing::nothing);
  CHECK(writing("a:\nnullable: b\n") == Writing::nothing);
  CHECK(writing("a:\n~b: c\n") == Writing::nothing);
  CHECK(writing("a: null\n") == Writing::as_json);
  CHECK(writing("a: null") == Writing::as_json);
  CHECK(writing("{a: null}") == Writing::as_json);
  CHECK(writing("a: ~ # comment\n") == Writing::tilde);
}

TEST_CASE("a tag with nothing behind it does not take what follows for its value") {
  const auto read = [](std::string_view text) { return write_json(only_document(text)); };
  CHECK(read("a: !\n'b': c\n") == R"({"a":null,"b":"c"})");
  CHECK(read("a: !!str # x\n\"b\": c\n") == R"({"a":"","b":"c"})");
  CHECK(read("a: !!str\n\n  # x\n  'b'\n") == R"({"a":"b"})");
  CHECK(read("- !!str\n- \"\"\n- !!str ''\n") == R"(["","",""])");
  CHECK(read("{a: !!str , b: !\n}") == R"({"a":"","b":""})");
  CHECK(read("a: ! 12") == R"({"a":12})");
  CHECK(read("a: !") == R"({"a":null})");
  CHECK(read("a: !!str") == R"({"a":""})");
  CHECK(write_json(read_yaml("a: ! 12", "", {}, GoYaml::v2)->at(0).value) == R"({"a":"12"})");
}

TEST_CASE("a time in a flow collection stays as it is written") {
  CHECK(write_json(only_document("[2001-12-14t21:59:43.10-05:00, 2001-12-14]\n")) ==
        R"(["2001-12-14t21:59:43.10-05:00","2001-12-14T00:00:00Z"])");
}

TEST_CASE("tags that YAML does not define are ignored") {
  CHECK(only_document("a: !vault secret\nb: !x {c: 1}\n") ==
        Value(Object{{"a", "secret"}, {"b", Object{{"c", 1}}}}));
}

TEST_CASE("kustomize's own files are read with the types of go-yaml v2") {
  const auto documents = read_yaml(
      "{a: yes, b: Off, c: n, d: 2001-01-01, e: \"no\", f, y: 1, off: 2, 0x10: 3, 1.5: 4, 0o7: 5}",
      "patch.yaml", {}, GoYaml::v2);
  REQUIRE(documents.has_value());
  CHECK(write_json(documents->at(0).value) ==
        R"({"a":true,"b":false,"c":false,"d":"2001-01-01","e":"no","f":null,)"
        R"("true":1,"false":2,"16":3,"1.5":4,"7":5})");
}
