// SPDX-License-Identifier: Apache-2.0
#include "render/field_spec.hpp"

#include "document/yaml_writer.hpp"
#include "support/drafts.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr std::string_view head = "apiVersion: example.org/v1\nkind: Lamp\nmetadata:\n  name: a\n";

Draft lamp(std::string_view rest) { return yaml_draft(std::string(head).append(rest)); }

FieldSpec field(std::string path, CreateField create = CreateField::no) {
  return {.group = {}, .version = {}, .kind = {}, .path = std::move(path), .create = create};
}

// What stands below the head after each field at `spec` became "x".
std::string marked(std::string_view rest, const FieldSpec& spec, MadeField made = MadeField::text) {
  Draft resource = lamp(rest);
  const Result<void> visited = visit_fields(resource, spec, made, [](Value& value) {
    value = "x";
    return Result<void>();
  });
  if (!visited) return visited.error().message;
  return write_yaml(resource.object).substr(head.size());
}

TEST_CASE("a spec speaks of the kinds that fit what it names") {
  const VersionedKind id{"apps", "v1", "Deployment"};
  CHECK(is_selected(field("a"), id));
  CHECK(is_selected({.group = "apps", .version = "v1", .kind = "Deployment", .path = "a"}, id));
  CHECK_FALSE(is_selected({.group = "batch", .version = {}, .kind = {}, .path = "a"}, id));
  CHECK_FALSE(is_selected({.group = {}, .version = "v2", .kind = {}, .path = "a"}, id));
  CHECK_FALSE(is_selected({.group = {}, .version = {}, .kind = "Pod", .path = "a"}, id));
}

TEST_CASE("a path leads through mappings and through all items of lists") {
  CHECK(marked("spec:\n  a: 1\n  b: 2\n", field("spec/a")) == "spec:\n  a: x\n  b: 2\n");
  CHECK(marked("spec:\n  a: 1\n", field("/spec/a")) == "spec:\n  a: x\n");
  CHECK(marked("spec:\n- a: 1\n- b: 2\n- a: 3\n", field("spec/a")) ==
        "spec:\n- a: x\n- b: 2\n- a: x\n");
  CHECK(marked("spec:\n- a: 1\n", field("spec[]/a")) == "spec:\n- a: x\n");
}

TEST_CASE("a slash in a key is written with a backslash before it") {
  CHECK(marked("spec:\n  example.org/a: 1\n", field("spec/example.org\\/a")) ==
        "spec:\n  example.org/a: x\n");
}

TEST_CASE("a field that is missing is left out, or made where the spec says so") {
  CHECK(marked("spec:\n  b: 2\n", field("spec/a")) == "spec:\n  b: 2\n");
  CHECK(marked("", field("spec/a")).empty());
  CHECK(marked("spec:\n  b: 2\n", field("spec/a", CreateField::yes)) == "spec:\n  b: 2\n  a: x\n");
  CHECK(marked("", field("spec/a/b", CreateField::yes), MadeField::mapping) ==
        "spec:\n  a:\n    b: x\n");
  CHECK(marked("spec: null\n", field("spec/a")) == "spec: null\n");
  CHECK(marked("spec: null\n", field("spec/a", CreateField::yes)) == "spec:\n  a: x\n");
}

TEST_CASE("lists are never made") {
  CHECK(marked("", field("spec[]/a", CreateField::yes)).empty());
}

TEST_CASE("a scalar on the way is an error that names the object, the place and the field") {
  Draft resource = lamp("spec: text\n");
  resource.origin = {.path = "lamps.yaml", .document = 1, .line = 3};
  const Result<void> visited = visit_fields(resource, field("spec/a"), MadeField::text,
                                            [](Value&) { return Result<void>(); });
  REQUIRE_FALSE(visited);
  CHECK(visited.error().kind == ErrorKind::invalid);
  CHECK(visited.error().message.starts_with("lamps.yaml:3: "));
  CHECK(visited.error().message.find("Lamp") != std::string::npos);
  CHECK(visited.error().message.find("spec/a") != std::string::npos);
}

TEST_CASE("what a visitor refuses names the object and the field") {
  Draft resource = lamp("spec:\n  a: 1\n");
  const Result<void> visited =
      visit_fields(resource, field("spec/a"), MadeField::text,
                   [](Value&) -> Result<void> { return fail(ErrorKind::invalid, "not so"); });
  REQUIRE_FALSE(visited);
  CHECK(visited.error().message.find("spec/a: not so") != std::string::npos);
}

TEST_CASE("an empty step is an error, not a field without a name") {
  CHECK(marked("spec: {}\n", field("spec//a", CreateField::yes)).find("spec//a") !=
        std::string::npos);
  CHECK(marked("spec: {}\n", field("")).find("without a name") != std::string::npos);
}

TEST_CASE("specs are merged without those that are covered already") {
  const FieldSpec general = field("metadata/labels", CreateField::yes);
  const FieldSpec of_pods{
      .group = {}, .version = {}, .kind = "Pod", .path = "spec/labels", .create = CreateField::yes};
  const Result<std::vector<FieldSpec>> merged = merge_specs({general}, {of_pods, general});
  REQUIRE(merged);
  CHECK(*merged == std::vector<FieldSpec>{general, of_pods});
}

TEST_CASE("one field that is to be made by one rule and not by another is an error") {
  const Result<std::vector<FieldSpec>> merged =
      merge_specs({field("spec/labels")}, {field("spec/labels", CreateField::yes)});
  REQUIRE_FALSE(merged);
  CHECK(merged.error().kind == ErrorKind::invalid);
  CHECK(merged.error().message.find("spec/labels") != std::string::npos);
}

}  // namespace
}  // namespace primocane
