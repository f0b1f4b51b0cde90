// SPDX-License-Identifier: Apache-2.0
// What is refused, and how a plain folder is walked; what comes out of kustomization files is in
// cases_test.cpp.
#include "render/kustomize.hpp"

#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

using Files = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

std::string config_map(std::string_view name, std::string_view space = "home") {
  return fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: {}\n",
                     name, space);
}

Result<std::vector<Draft>> build_tree(TreeContent content, std::string_view folder = {},
                                      const RenderLimits& limits = {}) {
  MemoryRemotes remotes;
  return build_folder(*make_memory_tree(std::move(content)), remotes,
                      RelativePath::parse(folder).value(), {.limits = limits});
}

Result<std::vector<Draft>> build(Files files, std::string_view folder = {},
                                 const RenderLimits& limits = {}) {
  return build_tree(TreeContent{.files = std::move(files), .links = {}, .submodules = {}}, folder,
                    limits);
}

// The message of an error of the input.
std::string refusal(const Result<std::vector<Draft>>& built) {
  if (built) return "accepted";
  return built.error().kind == ErrorKind::invalid ? built.error().message : "of another kind";
}

bool is_refused(const Result<std::vector<Draft>>& built, std::string_view place,
                std::string_view what) {
  const std::string message = refusal(built);
  INFO(message);
  const bool is_right = message.starts_with(place) && message.find(what) != std::string::npos;
  CHECK(is_right);
  return is_right;
}

// The files of the objects, in the order in which they were read.
Lines places(const Result<std::vector<Draft>>& built) {
  if (!built) return {built.error().message};
  Lines lines;
  for (const Draft& draft : *built) lines.push_back(to_string(draft.origin));
  return lines;
}

Lines sorted(Lines lines) {
  std::ranges::sort(lines);
  return lines;
}

TEST_CASE("a plain folder is all its .yaml and .yml files, and sub-folders with theirs") {
  const auto built = build({{"clusters/a.yaml", config_map("a")},
                            {"clusters/b.yml", config_map("b")},
                            {"clusters/c/d.yaml", config_map("d")},
                            {"clusters/c/notes.md", "not: yaml: at all"},
                            {"clusters/e.json", "{}"},
                            {"clusters/f.YAML", "- not an object"},
                            {"clusters/g.yaml.bak", "- not an object"},
                            {"elsewhere/h.yaml", config_map("h")}},
                           "clusters");
  CHECK(sorted(places(built)) ==
        Lines{"clusters/a.yaml:1", "clusters/b.yml:1", "clusters/c/d.yaml:1"});
}

TEST_CASE("the first error of a plain folder is that of the first file in the order of bytes") {
  const auto built =
      build({{"B.yaml", config_map("same")}, {"a.yaml", config_map("same")}, {"c.yaml", "broken"}});
  CHECK(is_refused(built, "a.yaml:1: ", "also at B.yaml:1"));
}

TEST_CASE("a sub-folder with a kustomization file is built by it and not walked into") {
  const auto built = build({{"a.yaml", config_map("a")},
                            {"app/kustomization.yml", "namePrefix: my-\nresources: [b.yaml]\n"},
                            {"app/b.yaml", config_map("b")},
                            {"app/c.yaml", "- not an object"},
                            {"app/deeper/d.yaml", "- not an object"}});
  REQUIRE(built);
  CHECK(sorted(places(built)) == Lines{"a.yaml:1", "app/b.yaml:1"});
}

TEST_CASE("a file whose name is not UTF-8 is named, if it would be read") {
  CHECK(is_refused(build({{"a.yaml", config_map("a")}, {"caf\xe9/b.yaml", config_map("b")}}),
                   "caf?/b.yaml: ", "not UTF-8"));
  CHECK(build({{"a.yaml", config_map("a")}, {"caf\xe9.jpeg", "\xff\xd8"}}));
}

TEST_CASE("a plain folder is walked over whole: what is left out is its source's to say") {
  const auto built = build({{"a.yaml", config_map("a")},
                            {".github/b.yaml", config_map("b")},
                            {"app/.sops.yaml", config_map("c")}});
  CHECK(sorted(places(built)) == Lines{".github/b.yaml:1", "a.yaml:1", "app/.sops.yaml:1"});
}

TEST_CASE("links inside the tree are followed in a plain folder") {
  const auto built = build_tree(
      {.files = {{"shared/app/a.yaml", config_map("a")}, {"shared/b.yaml", config_map("b")}},
       .links = {{"home/app", "../shared/app"}, {"home/b.yaml", "../shared/b.yaml"}},
       .submodules = {}},
      "home");
  CHECK(sorted(places(built)) == Lines{"home/app/a.yaml:1", "home/b.yaml:1"});
}

TEST_CASE("a link that leads out of the tree is an error, in a plain folder and in a list") {
  const std::map<std::string, std::string> links{{"home/secret.yaml", "../../etc/secret.yaml"}};
  CHECK(is_refused(
      build_tree({.files = {{"home/a.yaml", config_map("a")}}, .links = links, .submodules = {}},
                 "home"),
      "home/secret.yaml: ", "out of the repository"));
  CHECK(
      is_refused(build_tree({.files = {{"home/kustomization.yaml", "resources:\n- secret.yaml\n"}},
                             .links = links,
                             .submodules = {}},
                            "home"),
                 "home/kustomization.yaml:2: ", "out of the repository"));
  CHECK(is_refused(build_tree({.files = {{"home/kustomization.yaml", "resources:\n- etc/passwd\n"}},
                               .links = {{"home/etc", "/etc"}},
                               .submodules = {}},
                              "home"),
                   "home/kustomization.yaml:2: ", "out of the repository"));
}

TEST_CASE("a link that leads nowhere is an error that names it") {
  CHECK(is_refused(build_tree({.files = {{"a.yaml", config_map("a")}},
                               .links = {{"b.yaml", "gone.yaml"}},
                               .submodules = {}}),
                   "b.yaml: ", "no such file"));
}

TEST_CASE("folders that lead in circles are an error") {
  CHECK_FALSE(build_tree({.files = {{"home/a.yaml", config_map("a")}},
                          .links = {{"home/again", "../home"}},
                          .submodules = {}},
                         "home"));
}

TEST_CASE("a folder that is not there, or is a file, is an error that names it") {
  const Files files{{"apps/a.yaml", config_map("a")}};
  CHECK(is_refused(build(files, "clusters"), "", "\"clusters\""));
  CHECK(is_refused(build(files, "apps/a.yaml"), "", "\"apps/a.yaml\""));
}

TEST_CASE("a resource that is not there is an error with the line that lists it") {
  CHECK(is_refused(build({{"kustomization.yaml", "resources:\n- a.yaml\n- b.yaml\n"},
                          {"a.yaml", config_map("a")}}),
                   "kustomization.yaml:3: ", "no file or folder \"b.yaml\""));
  CHECK(is_refused(build({{"home/kustomization.yaml", "resources: [../apps/web]\n"}}, "home"),
                   "home/kustomization.yaml:1: ", "\"apps/web\""));
}

TEST_CASE("a path that leaves the tree is an error with its line") {
  // Whoever has a wider tree may try it again with that.
  const auto outside =
      build({{"home/kustomization.yaml", "resources:\n- ../../other/a.yaml\n"}}, "home");
  REQUIRE_FALSE(outside);
  CHECK(outside.error().kind == ErrorKind::denied);
  CHECK(outside.error().message.starts_with("home/kustomization.yaml:2: "));
  CHECK(outside.error().message.find("../../other/a.yaml") != std::string::npos);
  CHECK(is_refused(build({{"kustomization.yaml", "resources:\n- /etc/passwd\n"}}),
                   "kustomization.yaml:2: ", "/etc/passwd"));
}

TEST_CASE("a path through a file is a path to nothing") {
  CHECK(is_refused(
      build({{"kustomization.yaml", "resources:\n- a.yaml/b.yaml\n"}, {"a.yaml", config_map("a")}}),
      "kustomization.yaml:2: ", "no file or folder"));
}

TEST_CASE("a folder without a kustomization file is no resource") {
  CHECK(is_refused(
      build({{"kustomization.yaml", "resources:\n- app\n"}, {"app/a.yaml", config_map("a")}}),
      "kustomization.yaml:2: ", "folder app has no kustomization.yaml"));
}

TEST_CASE("a kustomization file is listed by its folder") {
  CHECK(is_refused(build({{"kustomization.yaml", "resources:\n- app/kustomization.yaml\n"},
                          {"app/kustomization.yaml",
                           "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"}}),
                   "app/kustomization.yaml:1: ", "list its folder"));
}

TEST_CASE("a submodule is an error with its line") {
  CHECK(
      is_refused(build_tree({.files = {{"kustomization.yaml", "resources:\n- app\n"}},
                             .links = {},
                             .submodules = {{"app", "1111111111111111111111111111111111111111"}}}),
                 "kustomization.yaml:2: ", "submodules are not supported"));
}

TEST_CASE("kustomizations that hold each other are an error with the line that closes the circle") {
  CHECK(is_refused(build({{"kustomization.yaml", "resources:\n- .\n"}}),
                   "kustomization.yaml:2: ", "leads back"));
  CHECK(is_refused(build({{"a/kustomization.yaml", "resources: [../b]\n"},
                          {"b/kustomization.yaml", "namespace: home\nresources:\n- ../a\n"}},
                         "a"),
                   "b/kustomization.yaml:3: ", "leads back to folder a"));
  // As in kustomize: what holds a folder cannot be held by it.
  CHECK(is_refused(build({{"kustomization.yaml", "resources: [a.yaml]\n"},
                          {"app/kustomization.yaml", "resources:\n- ..\n"},
                          {"a.yaml", config_map("a")}},
                         "app"),
                   "app/kustomization.yaml:2: ", "leads back"));
}

TEST_CASE("kustomizations that hold each other through a link are an error") {
  CHECK_FALSE(build_tree({.files = {{"a/kustomization.yaml", "resources: [b]\n"}},
                          .links = {{"a/b", "../a"}},
                          .submodules = {}},
                         "a"));
}

TEST_CASE("one base in two places is two sets of objects or an error that names both places") {
  Files files{{"base/kustomization.yaml", "resources: [a.yaml]\n"},
              {"base/a.yaml", "---\n" + config_map("a")},
              {"one/kustomization.yaml", "nameSuffix: -one\nresources: [../base]\n"},
              {"two/kustomization.yaml", "nameSuffix: -two\nresources: [../base]\n"},
              {"home/kustomization.yaml", "resources: [../one, ../two]\n"}};
  CHECK(places(build(files, "home")) == Lines{"base/a.yaml:1", "base/a.yaml:1"});
  files["two/kustomization.yaml"] = "nameSuffix: -one\nresources: [../base]\n";
  CHECK(is_refused(build(files, "home"), "base/a.yaml:1: ", "also at base/a.yaml:1"));
}

TEST_CASE("an object that is defined twice is an error that names both places") {
  CHECK(is_refused(build({{"kustomization.yaml", "resources: [a.yaml, b.yaml]\n"},
                          {"a.yaml", config_map("one") + "---\n" + config_map("two")},
                          {"b.yaml", "# twice\n\n" + config_map("two")}}),
                   "b.yaml:3: ConfigMap/home/two ", "also at a.yaml:6"));
  CHECK(is_refused(build({{"a.yaml", config_map("one") + "---\n" + config_map("one")}}),
                   "a.yaml:6: ConfigMap/home/one ", "also at a.yaml:1"));
  CHECK(is_refused(build({{"kustomization.yaml", "resources:\n- a.yaml\n- a.yaml\n"},
                          {"a.yaml", config_map("one")}}),
                   "a.yaml:1: ", "also at a.yaml:1"));
}

TEST_CASE("objects that a namespace makes the same are an error that names both places") {
  CHECK(is_refused(build({{"kustomization.yaml", "namespace: home\nresources: [a.yaml, b.yaml]\n"},
                          {"a.yaml", config_map("one", "first")},
                          {"b.yaml", config_map("one", "second")}}),
                   "kustomization.yaml: by namespace \"home\": b.yaml:1: ", "also at a.yaml:1"));
}

TEST_CASE("what a base gets wrong is told with the base's own file and line") {
  CHECK(is_refused(build({{"home/kustomization.yaml", "resources: [../base]\n"},
                          {"base/kustomization.yaml", "resources: []\nimages: web\n"}},
                         "home"),
                   "base/kustomization.yaml:2: ", "images must be a list"));
}

TEST_CASE("two kustomization files in a folder are an error wherever the folder is met") {
  const Files files{{"app/kustomization.yaml", "resources: []\n"},
                    {"app/kustomization.yml", "resources: []\n"}};
  CHECK(is_refused(build(files, "app"), "app/kustomization.yaml", "app/kustomization.yml"));
  CHECK(is_refused(build(files), "app/kustomization.yaml", "app/kustomization.yml"));
}

TEST_CASE("the limits of a rendering are kept") {
  const Files files{{"a.yaml", config_map("a")}, {"b.yaml", config_map("b")}};
  RenderLimits limits;
  limits.files_max = 2;
  limits.objects_max = 2;
  CHECK(build(files, "", limits));
  limits.files_max = 1;
  CHECK(is_refused(build(files, "", limits), "b.yaml: ", "at most 1 files"));
  limits.files_max = 2;
  limits.objects_max = 1;
  CHECK(is_refused(build(files, "", limits), "", "at most 1 objects"));
  RenderLimits small;
  small.document.bytes = ByteCount(20);
  CHECK(is_refused(build(files, "", small), "a.yaml", "20"));
}

TEST_CASE("folders and kustomizations within each other have a limit") {
  RenderLimits limits;
  limits.depth_max = 2;
  CHECK(build({{"a/b/c.yaml", config_map("c")}}, "", limits));
  CHECK_FALSE(build({{"a/b/c/d.yaml", config_map("d")}}, "", limits));
  Files files{{"kustomization.yaml", "resources: [a]\n"},
              {"a/kustomization.yaml", "resources: [b]\n"},
              {"a/b/kustomization.yaml", "resources: []\n"}};
  CHECK(is_refused(build(files, "", limits), "a/b/kustomization.yaml: ", "within each other"));
  limits.depth_max = 3;
  CHECK(build(files, "", limits));
}

}  // namespace
}  // namespace primocane
