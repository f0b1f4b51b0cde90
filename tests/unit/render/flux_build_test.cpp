// SPDX-License-Identifier: Apache-2.0
// Compares what is built for a Kustomization of Flux with what Flux builds of the same folder; and
// what is told about what can't be built.
#include "render/flux_build.hpp"

#include "document/json.hpp"
#include "render/render_desired.hpp"
#include "support/json_lines.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

using Files = std::map<std::string, std::string>;

// The objects that come out, or the message why none do.
Result<Value> built(Files files, std::string_view path, const Value& spec) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  RenderRequest request;
  request.path = RelativePath::parse(path).value();
  request.build = TRY(read_build_settings(Object{{"spec", spec}}));
  MemoryRemotes remotes;
  std::vector<Draft> drafts = TRY(build_request(*tree, remotes, request));
  std::vector<Resource> resources = TRY(as_resources(std::move(drafts)));
  Array objects;
  for (Resource& resource : resources) objects.push_back(std::move(resource.object));
  return Value(std::move(objects));
}

std::string refusal(Files files, std::string_view spec) {
  const Result<Value> objects = built(std::move(files), {}, yaml_value(spec));
  return objects ? "built " + write_json(*objects) : objects.error().message;
}

constexpr const char* config_map =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: home\ndata:\n  x: v${A}\n";

// Where ours is another on purpose (docs/flux.md): a namespace that no server takes is refused here
// already.
constexpr std::string_view refused_here = "a folder with a component alone";

// A label without a value is "" here, and null in Flux until the server drops it.
Value without_nulls(Value value) {
  if (value.is_null()) return std::string();
  if (Array* items = value.as_array()) {
    for (Value& item : *items) item = without_nulls(std::move(item));
  }
  if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) member = without_nulls(std::move(member));
  }
  return value;
}

TEST_CASE("a folder is built as Flux builds it") {
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/flux_build/cases.jsonl")) {
    DYNAMIC_SECTION(row.text_at("name")) {
      Files files;
      for (const auto& [path, text] : *row.find("files")->as_object()) {
        files.emplace(path, *text.as_string());
      }
      const Result<Value> objects = built(std::move(files), row.text_at("path"), *row.find("spec"));
      CAPTURE(objects ? write_json(*objects) : objects.error().message);
      const bool is_built = *row.find("built")->as_bool() && row.text_at("name") != refused_here;
      REQUIRE(objects.has_value() == is_built);
      const Value* const result = row.find("result");
      const Value expected = result != nullptr ? *result : Value(Array());
      if (objects) CHECK(*objects == without_nulls(expected));
    }
    ++compared;
  }
  CHECK(compared >= 45);
}

TEST_CASE("an object whose variables can't be replaced is named with its field") {
  CHECK(refusal({{"apps/a.yaml", config_map}}, "postBuild: {substitute: {B: '1'}}\n")
            .starts_with("apps/a.yaml:1: ConfigMap/home/a: data.x: the variable \"A\" is not set"));
}

TEST_CASE("what a variable makes of an object is looked at again") {
  const std::string text = "apiVersion: v1\nkind: ${K}\nmetadata:\n  name: a\n";
  CHECK(refusal({{"a.yaml", text}}, "postBuild: {substitute: {K: ''}}\n").starts_with("a.yaml:1"));
}

TEST_CASE("a patch of the settings is named by its place in them") {
  CHECK(refusal({{"a.yaml", config_map}}, "patches: [{patch: 'a: b'}]\n")
            .starts_with("spec.patches[0]: "));
}

TEST_CASE("without settings a kustomization is built as kustomize builds it") {
  const auto tree =
      make_memory_tree({.files = {{"kustomization.yaml", "resources: [a.yaml]\nunknown: 1\n"},
                                  {"a.yaml", config_map}},
                        .links = {},
                        .submodules = {}});
  MemoryRemotes remotes;
  const auto drafts = build_request(*tree, remotes, {});
  REQUIRE_FALSE(drafts);
  CHECK(drafts.error().message.starts_with("kustomization.yaml:2: "));
}

}  // namespace
}  // namespace primocane
