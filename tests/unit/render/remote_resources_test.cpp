// SPDX-License-Identifier: Apache-2.0
// What a kustomization lists that lies elsewhere is built like what lies in its own repository.
#include "render/kustomize.hpp"
#include "resource/resource_id.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace primocane {

namespace {

std::string config_map(std::string_view name) {
  return fmt::format("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n", name);
}

// The names of what is built, or why it is not.
std::vector<std::string> build(MemoryRemotes& remotes, const std::string& resources,
                               std::map<std::string, std::string> more = {}) {
  more["kustomization.yaml"] = "resources:\n" + resources;
  const auto tree = make_memory_tree({.files = std::move(more), .links = {}, .submodules = {}});
  const auto built = build_folder(*tree, remotes, RelativePath(), {});
  if (!built) return {std::string(to_string(built.error().kind)) + ": " + built.error().message};
  std::vector<std::string> names;
  for (const Draft& draft : *built) {
    names.emplace_back(draft.object.text_at("metadata", "name"));
  }
  return names;
}

}  // namespace

using Names = std::vector<std::string>;

TEST_CASE("a file elsewhere is listed by its URL") {
  MemoryRemotes remotes;
  remotes.add_file("https://example.org/a.yaml", config_map("a") + "---\n" + config_map("b"));
  CHECK(build(remotes, "- https://example.org/a.yaml\n") == Names{"a", "b"});
  CHECK(remotes.is_complete());
}

TEST_CASE("a remote base is built within its own repository") {
  MemoryRemotes remotes;
  remotes.add_repository(
      "https://github.com/org/repo", "v1",
      {.files = {{"overlay/kustomization.yaml", "namePrefix: far-\nresources: [../base]\n"},
                 {"base/kustomization.yaml", "resources: [a.yaml]\n"},
                 {"base/a.yaml", config_map("a")}}});
  CHECK(build(remotes, "- github.com/org/repo/overlay?ref=v1\n") == Names{"far-a"});
  const Names absent = build(remotes, "- github.com/org/repo//nowhere?ref=v1\n");
  CHECK(absent == Names{"invalid: kustomization.yaml:2: there is no folder \"nowhere\" in "
                        "github.com/org/repo//nowhere?ref=v1"});
}

TEST_CASE("a file of the repository is nearer than a remote base of its name, a folder is not") {
  MemoryRemotes remotes;
  CHECK(build(remotes, "- github.com/org/a.yaml\n", {{"github.com/org/a.yaml", config_map("a")}}) ==
        Names{"a"});
  CHECK(build(remotes, "- github.com/org/repo\n",
              {{"github.com/org/repo/kustomization.yaml", "namePrefix: x\n"}})
            .empty());
  CHECK(remotes.needed() == std::set<std::string>{"github.com/org/repo"});
}

TEST_CASE("all that is not here yet is known after one rendering") {
  MemoryRemotes remotes;
  remotes.add_repository("https://example.org/org/near", "v1",
                         {.files = {{"kustomization.yaml", "resources: [github.com/org/c]\n"}}});
  CHECK(build(remotes,
              "- https://example.org/a.yaml\n- base\n- https://example.org/org/near?ref=v1\n",
              {{"base/kustomization.yaml", "resources: [git@example.org:org/b.git]\n"}})
            .empty());
  CHECK_FALSE(remotes.is_complete());
  CHECK(remotes.needed() == std::set<std::string>{"https://example.org/a.yaml",
                                                  "git@example.org:org/b.git", "github.com/org/c"});
}

TEST_CASE("all files of a generator that are not here yet are known after one rendering") {
  MemoryRemotes remotes;
  CHECK(build(remotes,
              "- a.yaml\nconfigMapGenerator:\n- name: b\n  files:\n"
              "  - x=https://example.org/x\n  - y=https://example.org/y\n",
              {{"a.yaml", config_map("a")}})
            .size() == 2);
  CHECK(remotes.needed() ==
        std::set<std::string>{"https://example.org/x", "https://example.org/y"});
}

TEST_CASE("what can't be had keeps the kind of its error and names where it is listed") {
  MemoryRemotes remotes;
  remotes.add_failure("https://example.org/a.yaml", {ErrorKind::unavailable, "no answer"});
  CHECK(build(remotes, "- https://example.org/a.yaml\n") ==
        Names{"unavailable: kustomization.yaml:2: no answer"});
}

TEST_CASE("remote bases that lead to each other end") {
  MemoryRemotes remotes;
  remotes.add_repository("https://github.com/org/a", "",
                         {.files = {{"kustomization.yaml", "resources: [github.com/org/b]\n"}}});
  remotes.add_repository("https://github.com/org/b", "",
                         {.files = {{"kustomization.yaml", "resources: [github.com/org/a]\n"}}});
  const Names circle = build(remotes, "- github.com/org/a\n");
  REQUIRE(circle.size() == 1);
  CHECK(circle.front().starts_with("invalid: kustomization.yaml:2: "));
  CHECK(circle.front().find("leads back") != std::string::npos);
}

}  // namespace primocane
