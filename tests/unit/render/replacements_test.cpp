// SPDX-License-Identifier: Apache-2.0
// What replacements refuse. What they do is compared with kustomize in cases/.
#include "render/replacements.hpp"

#include "render/kustomize.hpp"
#include "support/drafts.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace primocane {
namespace {

constexpr std::string_view objects =
    "apiVersion: v1\nkind: Source\nmetadata: {name: s, annotations: {a: x}}\n"
    "spec: {text: a-b, number: 5, hex: 0x1F, nothing: null, map: {k: v}, empty: {}}\n"
    "---\n"
    "apiVersion: v1\nkind: Target\nmetadata: {name: t}\n"
    "spec: {number: 1, real: 1.5, flag: true, text: x, nothing: null, map: {k: v}, list: [a],\n"
    "  json: '{\"a\": {\"b\": 1}}', yaml: \"a: {b: 1} # why\\n\", broken: '{a', plain: word,"
    "\n    twice: \"a: {b: 1} # why\\nc: |\\n  # why\\n\"}\n";

// The target's spec after `source` went to `field`, or the error.
std::string after(std::string_view source, std::string_view field, std::string_view options = {}) {
  MemoryRemotes remotes;
  const auto tree = make_memory_tree(
      {.files = {{"objects.yaml", std::string(objects)},
                 {"kustomization.yaml",
                  fmt::format("resources: [objects.yaml]\nreplacements:\n- {}\n  targets:\n"
                              "  - select: {{kind: Target}}\n    fieldPaths: [\"{}\"]\n"
                              "    options: {{{}}}\n",
                              source, field, options)}},
       .links = {},
       .submodules = {}});
  const auto built = build_folder(*tree, remotes, RelativePath(), {});
  return built ? write_yaml(*built->back().object.find("spec")) : "error: " + built.error().message;
}

std::string from(std::string_view path) {
  return fmt::format("source: {{kind: Source, fieldPath: \"{}\"}}", path);
}

bool is_error(const std::string& result, std::string_view what) {
  INFO(result);
  CHECK(result.starts_with("error: kustomization.yaml:3: "));
  return result.find(what) != std::string::npos;
}

Result<ReplacementRule> rule(std::string_view text) {
  const Value value = yaml_value(text);
  return read_replacement_rule(value, FieldReader("kustomization.yaml"));
}

TEST_CASE("a source must be one object and have the field") {
  CHECK(is_error(after("source: {kind: Nope}", "spec.text"), "no object is selected"));
  CHECK(is_error(after("source: {version: v1}", "spec.text"), "several objects are selected"));
  CHECK(is_error(after(from("spec.nope"), "spec.text"), "has no field spec.nope"));
  CHECK(is_error(after(from("spec.nothing"), "spec.text"), "has no field spec.nothing"));
  CHECK(is_error(after(from("spec.empty"), "spec.text"), "has no field spec.empty"));
  CHECK(is_error(after(from("spec.*"), "spec.text"), "\"*\""));
  CHECK(is_error(after(from("spec.hex"), "spec.text"), "unusual spelling"));
}

TEST_CASE("a target must have the field unless it is to be made") {
  CHECK(is_error(after(from("spec.text"), "spec.nope"), "options.create"));
  CHECK(is_error(after(from("spec.text"), "spec.text.x.y"), "field spec.text.x.y"));
  CHECK(is_error(after(from("spec.text"), "spec.nothing.x", "create: true"), "null"));
  CHECK(is_error(after(from("spec.text"), "spec.list.5", "create: true"), "beyond the end"));
  CHECK(after(from("spec.number"), "spec.new", "create: true").find("new: 5\n") !=
        std::string::npos);
}

TEST_CASE("a text must be of the type of the scalar that gets it") {
  CHECK(is_error(after(from("spec.text"), "spec.number"), "an integer is needed"));
  CHECK(is_error(after(from("spec.text"), "spec.real"), "a number is needed"));
  CHECK(is_error(after(from("spec.text"), "spec.flag"), "true or false is needed"));
  CHECK(is_error(after(from("spec.number"), "spec.nothing"), "null is needed"));
  CHECK(after(from("spec.number"), "spec.real").find("real: 5\n") != std::string::npos);
}

TEST_CASE("only texts have parts") {
  CHECK(is_error(
      after("source: {kind: Source, fieldPath: spec.map, options: {delimiter: '-'}}", "spec.text"),
      "options.delimiter"));
  CHECK(is_error(after(from("spec.text"), "spec.map", "delimiter: '-'"), "options.delimiter"));
  CHECK(is_error(
      after("source: {kind: Source, fieldPath: spec.text, options: {delimiter: '-', index: 2}}",
            "spec.text"),
      "out of bounds"));
  CHECK(is_error(
      after("source: {kind: Source, fieldPath: spec.text, options: {delimiter: '-', index: -1}}",
            "spec.text"),
      "out of bounds"));
}

TEST_CASE("what kustomize changes in a text without effect is refused") {
  CHECK(is_error(after(from("spec.text"), "spec.json.a.b"), "an integer is needed"));
  CHECK(is_error(after(from("spec.text"), "spec.json.a.c"), "no such field in the text"));
  CHECK(is_error(after(from("spec.text"), "spec.broken.a"), "the text:1: "));
  CHECK(is_error(after(from("spec.text"), "spec.plain.a"), "must be a mapping or a list"));
}

TEST_CASE("YAML in a text may not lose its comments") {
  CHECK(is_error(after("sourceValue: '2'", "spec.yaml.a.b"), "comments"));
  // The same words in a text are no comment.
  CHECK(is_error(after("sourceValue: '2'", "spec.twice.a.b"), "comments"));
}

TEST_CASE("a replacement must have one source, targets, and something that they select") {
  const auto bad = [](std::string_view text) {
    MemoryRemotes remotes;
    const auto tree = make_memory_tree(
        {.files = {{"kustomization.yaml", fmt::format("replacements:\n- {}\n", text)},
                   {"empty.yaml", ""},
                   {"scalar.yaml", "5\n"}},
         .links = {},
         .submodules = {}});
    const auto built = build_folder(*tree, remotes, RelativePath(), {});
    return built ? "built" : built.error().message;
  };
  CHECK(bad("{source: {kind: A}}").find("\"targets\"") != std::string::npos);
  CHECK(bad("{source: {kind: A}, targets: []}").find("\"targets\"") != std::string::npos);
  CHECK(bad("{targets: [{select: {kind: A}}]}").find("\"source\"") != std::string::npos);
  CHECK(bad("{source: {kind: A}, sourceValue: x, targets: [{select: {}}]}").find("not both") !=
        std::string::npos);
  CHECK(bad("{sourceValue: x, targets: [{fieldPaths: [a]}]}").find("\"select\"") !=
        std::string::npos);
  CHECK(bad("{sourceValue: x, targets: [{select: {kind: '('}}]}").find("regular expression") !=
        std::string::npos);
  CHECK(bad("{path: empty.yaml, source: {kind: A}}").find("not both") != std::string::npos);
  CHECK(bad("{path: empty.yaml}").find("empty.yaml: ") != std::string::npos);
  CHECK(bad("{path: scalar.yaml}").find("scalar.yaml:1: ") != std::string::npos);
  CHECK(bad("{path: nope.yaml}").find("nope.yaml") != std::string::npos);
}

TEST_CASE("rules are read in any case of letters, and unknown fields are refused") {
  const auto read = rule(
      "Source: {Kind: A, FieldPath: a.b, options: {delimiter: ',', index: 1}}\n"
      "targets: [{select: {}, options: {create: true, encoding: base64}}]\n");
  REQUIRE(read.has_value());
  CHECK(read->source->kind.kind == "A");
  CHECK(read->source->options == FieldOptions{.delimiter = ",", .index = 1});
  CHECK(read->targets->at(0).options.create == CreateField::yes);
  CHECK_FALSE(rule("{sources: {}}\n").has_value());
  CHECK_FALSE(rule("{sourceValue: 5}\n").has_value());
  CHECK_FALSE(rule("{targets: [null]}\n").has_value());
  CHECK_FALSE(rule("{targets: [{options: {index: x}}]}\n").has_value());
}

TEST_CASE("what is copied is bounded") {
  std::vector<Draft> drafts = yaml_drafts(
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\n"
      "spec: {l: [1, 2, 3, 4], t: xxxxxxxxxx}\n");
  const auto copying = [](const char* source, const char* target, FieldOptions options) {
    Replacement replacement;
    replacement.source = ReplacementSource{.kind = {}, .name = "a"};
    replacement.source_path = FieldPath::parse(source);
    replacement.targets.push_back({.scope = ReplacementScope::make(Selector{}, {}, "k").value(),
                                   .paths = {FieldPath::parse(target)},
                                   .options = std::move(options)});
    return replacement;
  };
  const std::vector<Replacement> lists(
      40, copying("spec", "spec.l.0", FieldOptions{.create = CreateField::yes}));
  std::vector<Draft> first = drafts;
  CHECK_FALSE(apply_replacements(first, lists).has_value());
  const std::vector<Replacement> texts(
      40, copying("spec.t", "spec.t", FieldOptions{.delimiter = ",", .index = 1000}));
  CHECK_FALSE(apply_replacements(drafts, texts).has_value());
}

}  // namespace
}  // namespace primocane
