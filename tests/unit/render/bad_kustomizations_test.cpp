// SPDX-License-Identifier: Apache-2.0
// What is wrong in the fields of kustomizations is an error that says where; what only looks odd is
// built.
#include "render/kustomize.hpp"
#include "support/drafts.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

using Files = std::map<std::string, std::string>;

constexpr std::string_view web =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1}\n";

// The kustomization `text` over a Deployment and the other files.
Result<std::vector<Draft>> build(std::string_view text, Files files = {},
                                 const BuildOptions& options = {}) {
  files.emplace("kustomization.yaml", text);
  files.emplace("web.yaml", web);
  MemoryRemotes remotes;
  const auto tree =
      make_memory_tree(TreeContent{.files = std::move(files), .links = {}, .submodules = {}});
  return build_folder(*tree, remotes, RelativePath(), options);
}

// The error begins with a place and says `what`.
bool is_refused(const Result<std::vector<Draft>>& built, std::string_view place,
                std::string_view what) {
  const std::string message = built ? "built" : built.error().message;
  INFO(message);
  const bool is_right = !built && built.error().kind == ErrorKind::invalid &&
                        message.starts_with(place) && message.find(what) != std::string::npos;
  CHECK(is_right);
  return is_right;
}

std::string built(const Result<std::vector<Draft>>& drafts) {
  return drafts ? printed(*drafts) : drafts.error().message;
}

TEST_CASE("bases that hold each other are an error that names both") {
  CHECK(is_refused(build("resources: [a]\n", {{"a/kustomization.yaml", "resources: [../b]\n"},
                                              {"b/kustomization.yaml", "resources: [../a]\n"}}),
                   "b/kustomization.yaml:1: ", "cycle"));
  CHECK(is_refused(build("components: [a]\n",
                         {{"a/kustomization.yaml", "kind: Component\ncomponents: [../a]\n"}}),
                   "a/kustomization.yaml:2: ", "cycle"));
}

TEST_CASE("a missing file is an error on the line that names it") {
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- path: p.yaml\n"),
                   "kustomization.yaml:3: ", "p.yaml"));
  CHECK(is_refused(build("configMapGenerator:\n- name: a\n  files: [f.txt]\n"),
                   "kustomization.yaml:2: ", "f.txt"));
  CHECK(is_refused(build("resources: [web.yaml]\nconfigurations: [c.yaml]\n"),
                   "kustomization.yaml:2: ", "c.yaml"));
  CHECK(is_refused(build("components: [none]\n"), "kustomization.yaml:1: ", "none"));
}

TEST_CASE("a patch without a target that is there is an error that names patch and place") {
  constexpr std::string_view patch =
      "patches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n"
      "    metadata: {name: other}\n";
  CHECK(is_refused(build("resources: [web.yaml]\n" + std::string(patch)),
                   "kustomization.yaml:3: ", "Deployment/other"));
}

TEST_CASE("a patch that may mean two objects is an error that names both") {
  const std::string two = fmt::format("{}---\n{}", web, web);
  Files files{{"a/kustomization.yaml", "namePrefix: a-\nresources: [web.yaml]\n"},
              {"a/web.yaml", std::string(web)},
              {"b/kustomization.yaml", "namePrefix: b-\nresources: [web.yaml]\n"},
              {"b/web.yaml", std::string(web)}};
  CHECK(is_refused(build("resources: [a, b]\npatches:\n- patch: |\n    apiVersion: apps/v1\n"
                         "    kind: Deployment\n    metadata: {name: web}\n",
                         files),
                   "kustomization.yaml:3: ", "a/web.yaml:1"));
}

TEST_CASE("a patch that is no patch, or two at once, is an error with its line") {
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- target: {kind: Deployment}\n"),
                   "kustomization.yaml:3: ", "\"patch\" or \"path\""));
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- {patch: a, path: b}\n"),
                   "kustomization.yaml:3: ", "not both"));
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- patch: just words\n"),
                   "kustomization.yaml:3: ", ""));
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- patch: '[{op: remove}'\n"),
                   "kustomization.yaml:3: ", ""));
}

TEST_CASE("a selector that is no regular expression is an error with its line") {
  CHECK(is_refused(build("resources: [web.yaml]\npatches:\n- target: {name: '('}\n"
                         "  patch: '[{\"op\": \"remove\", \"path\": \"/spec\"}]'\n"),
                   "kustomization.yaml:3: ", "regular expression"));
}

TEST_CASE("an ambiguous name is an error that lists what it may mean") {
  constexpr std::string_view config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n";
  constexpr std::string_view user =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: user}\n"
      "spec: {volumes: [{configMap: {name: config}}]}\n";
  CHECK(is_refused(build("namePrefix: o-\nresources: [a, b, user.yaml]\n",
                         {{"a/kustomization.yaml", "namePrefix: a-\nresources: [c.yaml]\n"},
                          {"a/c.yaml", std::string(config)},
                          {"b/kustomization.yaml", "namePrefix: b-\nresources: [c.yaml]\n"},
                          {"b/c.yaml", std::string(config)},
                          {"user.yaml", std::string(user)}}),
                   "user.yaml:1: ", "may mean several objects"));
}

TEST_CASE("what is generated twice under one name is an error") {
  CHECK(is_refused(build("configMapGenerator:\n- name: a\n- name: a\n"),
                   "kustomization.yaml:3: ", "a"));
  CHECK(is_refused(build("configMapGenerator:\n- name: a\n  behavior: merge\n"),
                   "kustomization.yaml:2: ", "a"));
  CHECK(is_refused(build("configMapGenerator:\n- name: a\n  literals: [x=1, x=2]\n"),
                   "kustomization.yaml:2: ", "x"));
}

TEST_CASE("a path of more steps than an object can be deep is an error") {
  std::string path = "a";
  for (int step = 0; step < 100; ++step) path += "/a";
  CHECK(is_refused(build("resources: [web.yaml]\nlabels:\n- pairs: {a: b}\n  fields:\n  - path: " +
                         path + "\n    create: true\n"),
                   "kustomization.yaml:5: ", "at most 100 steps"));
  CHECK(is_refused(build("resources: [web.yaml]\nconfigurations: [fields.yaml]\n",
                         {{"fields.yaml", "namePrefix:\n- path: " + path + "\n"}}),
                   "fields.yaml:2: ", "at most 100 steps"));
}

TEST_CASE("texts that vars make too long are an error") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "$(LONG)";
  const auto drafts = build(
      "resources: [web.yaml, map.yaml]\n"
      "vars:\n- name: LONG\n  objref: {apiVersion: v1, kind: ConfigMap, name: map}\n"
      "  fieldref: {fieldPath: data.long}\n"
      "patches:\n- patch: \"apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: web}\\n"
      "spec: {template: {spec: {containers: [{name: web, command: ['" +
          text + "']}]}}}\"\n",
      {{"map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {long: " +
                        std::string(1'000'000, 'x') + "}\n"}});
  REQUIRE_FALSE(drafts);
  CHECK(drafts.error().message.find("too long") != std::string::npos);
}

TEST_CASE("any order of kinds is an order, also where Namespace is not in it") {
  std::string objects;
  for (const std::string_view version : {"v1", "aaa/v1", "apps/v1", "b/v1"}) {
    for (const std::string_view kind : {"Namespace", "Deployment", "ConfigMap"}) {
      for (const std::string_view name : {"a", "b"}) {
        objects += fmt::format("---\napiVersion: {}\nkind: {}\nmetadata: {{name: {}}}\n", version,
                               kind, name);
      }
    }
  }
  const std::string_view fields =
      "resources: [all.yaml]\nsortOptions:\n  order: legacy\n  legacySortOptions: ";
  const auto without =
      build(fmt::format("{}{{orderFirst: [Pod]}}\n", fields), {{"all.yaml", objects}});
  REQUIRE(without);
  CHECK(without->size() == 24);
  CHECK(without->front().id.kind.group == "aaa");
  const auto with =
      build(fmt::format("{}{{orderFirst: [Namespace]}}\n", fields), {{"all.yaml", objects}});
  REQUIRE(with);
  CHECK(to_string(with->front().id) == "Namespace/a");
  CHECK(with->front().id.kind.group.empty());
}

TEST_CASE("fields of the wrong type are errors with line and what was expected") {
  CHECK(is_refused(build("images: [{name: web, newTag: 1.2}]\n"),
                   "kustomization.yaml:1: ", "a string, not a number"));
  CHECK(is_refused(build("replicas:\n- name: web\n  count: many\n"),
                   "kustomization.yaml:3: ", "an integer"));
  CHECK(is_refused(build("configMapGenerator: {name: a}\n"), "kustomization.yaml:1: ", "a list"));
  CHECK(is_refused(build("replacements:\n- source: [a]\n"), "kustomization.yaml:2: ", "a mapping"));
  CHECK(is_refused(build("openapi: [a]\n"), "kustomization.yaml:1: ", "a mapping"));
}

TEST_CASE("a field of a part that kustomize does not know is an error that suggests one") {
  CHECK(is_refused(build("patches:\n- {taget: {kind: A}}\n"),
                   "kustomization.yaml:2: ", "did you mean \"target\"?"));
  CHECK(is_refused(build("images:\n- {name: a, newtagg: b}\n"),
                   "kustomization.yaml:2: ", "did you mean \"newTag\"?"));
  CHECK(is_refused(build("configMapGenerator:\n- {name: a, literal: [b=c]}\n"),
                   "kustomization.yaml:2: ", "did you mean \"literals\"?"));
}

TEST_CASE("a base and a component are told apart") {
  const Files files{{"base/kustomization.yaml", "resources: []\n"},
                    {"part/kustomization.yaml", "kind: Component\nresources: []\n"}};
  CHECK(is_refused(build("resources: [part]\n", files),
                   "kustomization.yaml:1: ", "list it in \"components\""));
  CHECK(is_refused(build("components: [base]\n", files),
                   "kustomization.yaml:1: ", "list it in \"resources\""));
}

TEST_CASE("a file outside of the kustomization's folder is refused where that is asked for") {
  const Files files{{"app/kustomization.yaml", "resources: [../web.yaml]\n"}};
  const BuildOptions restricted{.load_restrictor = LoadRestrictor::root_only};
  CHECK(is_refused(build("resources: [app]\n", files, restricted),
                   "app/kustomization.yaml:1: ", "LoadRestrictionsNone"));
  CHECK(build("resources: [app]\n", files));
}

TEST_CASE("programs, containers and charts are not run, and there is a word on what to do") {
  const Files files{
      {"plugin.yaml", "apiVersion: example.org/v1\nkind: Maker\nmetadata: {name: a}\n"},
      {"chart.yaml",
       "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: a}\n"}};
  CHECK(is_refused(build("generators: [plugin.yaml]\n", files), "plugin.yaml:1: ", "HelmRelease"));
  CHECK(is_refused(build("transformers: [plugin.yaml]\n", files), "plugin.yaml:1: ", "not run"));
  CHECK(is_refused(build("generators: [chart.yaml]\n", files), "chart.yaml:1: ", "HelmRelease"));
}

TEST_CASE("aliases that stand for more than a file may hold are an error, not memory") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level < 9; ++level) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n",
                        level, level - 1);
  }
  CHECK(is_refused(build("resources: [b.yaml]\n", {{"b.yaml", bomb}}), "b.yaml:", ""));
  CHECK(is_refused(build(bomb), "kustomization.yaml:", ""));
}

TEST_CASE("odd YAML is built like any other") {
  const std::string expected = built(build("resources: [web.yaml]\n"));
  std::string crlf;
  for (const char letter : web) crlf += letter == '\n' ? std::string("\r\n") : std::string{letter};
  CHECK(built(build("\xEF\xBB\xBFresources: [b.yaml]\r\n", {{"b.yaml", "\xEF\xBB\xBF" + crlf}})) ==
        expected);
  CHECK(built(build("resources: [b.yaml]\n",
                    {{"b.yaml",
                      "base: &b {replicas: 1}\n---\napiVersion: apps/v1\nkind: !!str Deployment\n"
                      "metadata: {name: web}\nspec:\n  <<: {replicas: 1}\n"}}))
            .find("kind is missing") != std::string::npos);
  CHECK(built(build("resources: [b.yaml]\n",
                    {{"b.yaml",
                      "apiVersion: apps/v1\nkind: !!python/str Deployment\n"
                      "metadata: {name: web}\nspec:\n  <<: {replicas: 1}\n"}})) == expected);
}

TEST_CASE("a long line is a line, and a tab is told as one") {
  const std::string text(1 << 20, 'x');
  const std::string file = fmt::format(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{k: {}}}\n", text);
  CHECK(built(build("resources: [b.yaml]\n", {{"b.yaml", file}})).find(text) != std::string::npos);
  CHECK(is_refused(build("resources: [b.yaml]\n", {{"b.yaml", "kind:\n\t- a\n"}}), "b.yaml:", ""));
}

TEST_CASE("more objects than allowed are an error before they are built") {
  std::string many;
  for (int i = 0; i < 1000; ++i) {
    many += fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{}}}\n---\n", i);
  }
  const BuildOptions few{.limits = {.objects_max = 999}};
  CHECK(is_refused(build("resources: [b.yaml]\n", {{"b.yaml", many}}, few), "a rendering", "999"));
}

}  // namespace
}  // namespace primocane
