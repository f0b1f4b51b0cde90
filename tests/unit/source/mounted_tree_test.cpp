// SPDX-License-Identifier: Apache-2.0
#include "source/mounted_tree.hpp"

#include "source/resolved_tree.hpp"
#include "support/memory_tree.hpp"
#include "support/stored_memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr ByteCount mounted_read_max{1000};

RelativePath at(std::string_view path) { return RelativePath::parse(path).value(); }

std::unique_ptr<StoredTree> tree_of(std::map<std::string, std::string> files) {
  return make_stored_tree({.files = std::move(files), .links = {}, .submodules = {}});
}

std::string names_in(const StoredTree& tree, std::string_view folder) {
  std::vector<TreeEntry> entries = tree.list(at(folder)).value();
  std::ranges::sort(entries);
  std::string names;
  for (const TreeEntry& entry : entries) {
    names += entry.name + (entry.kind == EntryKind::folder ? "/ " : " ");
  }
  return names;
}

Result<std::unique_ptr<StoredTree>> include(std::unique_ptr<StoredTree> base, std::string_view from,
                                            std::string_view to) {
  return include_tree(std::move(base), {.tree = tree_of({{"manifests/a.yaml", "a: 1\n"},
                                                         {"manifests/sub/b.yaml", "b: 1\n"},
                                                         {"c.yaml", "c: 1\n"}}),
                                        .from = at(from),
                                        .at = at(to)});
}

}  // namespace

TEST_CASE("what is included lies where it is put, among what was there") {
  const auto tree =
      include(tree_of({{"apps/own.yaml", "own: 1\n"}}), "manifests", "apps/shared").value();
  CHECK(names_in(*tree, "") == "apps/ ");
  CHECK(names_in(*tree, "apps") == "own.yaml shared/ ");
  CHECK(names_in(*tree, "apps/shared") == "a.yaml sub/ ");
  CHECK(names_in(*tree, "apps/shared/sub") == "b.yaml ");
  CHECK(tree->kind(at("apps/shared")) == EntryKind::folder);
  CHECK(tree->kind(at("apps/shared/sub/b.yaml")) == EntryKind::file);
  CHECK(tree->kind(at("apps/shared/c.yaml")) == EntryKind::absent);
  CHECK(tree->kind(at("apps/sharedx")) == EntryKind::absent);
  CHECK(tree->read(at("apps/shared/a.yaml"), mounted_read_max) == "a: 1\n");
  CHECK(tree->read(at("apps/own.yaml"), mounted_read_max) == "own: 1\n");
}

TEST_CASE("folders that lead to what is included are made") {
  const auto tree = include(tree_of({{"own.yaml", "own: 1\n"}}), "", "a/b/c").value();
  CHECK(names_in(*tree, "") == "a/ own.yaml ");
  CHECK(names_in(*tree, "a") == "b/ ");
  CHECK(names_in(*tree, "a/b") == "c/ ");
  CHECK(names_in(*tree, "a/b/c") == "c.yaml manifests/ ");
  CHECK(tree->kind(at("a/b")) == EntryKind::folder);
}

TEST_CASE("a file is included, also in the place of another one") {
  CHECK(include(tree_of({}), "c.yaml", "apps/c.yaml")
            .value()
            ->read(at("apps/c.yaml"), mounted_read_max) == "c: 1\n");
  const auto tree = include(tree_of({{"d.yaml", "old"}}), "c.yaml", "d.yaml").value();
  CHECK(tree->read(at("d.yaml"), mounted_read_max) == "c: 1\n");
  CHECK(names_in(*tree, "") == "d.yaml ");
}

TEST_CASE("nothing is included where something else is already, or in no folder") {
  const auto base = [] {
    return make_stored_tree({.files = {{"apps/a.yaml", ""}, {"file", ""}},
                             .links = {{"link", "apps"}},
                             .submodules = {{"module", std::string(40, '1')}}});
  };
  for (const std::string_view to :
       {"apps", "file", "file/x", "link", "link/x", "module", "module/x"}) {
    CAPTURE(to);
    const auto refused = include(base(), "manifests", to);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::invalid);
  }
  CHECK(include(base(), "c.yaml", "apps").error().kind == ErrorKind::invalid);
  const auto absent = include(base(), "elsewhere", "apps/x");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().message == "there is nothing at \"elsewhere\" in it");
}

TEST_CASE("a submodule holds what it names, and others in it") {
  const std::string commit(40, '1');
  auto tree = make_stored_tree(
      {.files = {{"a.yaml", ""}}, .links = {}, .submodules = {{"lib/one", commit}}});
  tree = fill_submodule(
             std::move(tree), at("lib/one"),
             make_stored_tree(
                 {.files = {{"b.yaml", "b: 1\n"}}, .links = {}, .submodules = {{"inner", commit}}}))
             .value();
  CHECK(names_in(*tree, "lib/one") == "b.yaml inner ");
  tree =
      fill_submodule(std::move(tree), at("lib/one/inner"), tree_of({{"c.yaml", "c: 1\n"}})).value();
  CHECK(names_in(*tree, "lib/one") == "b.yaml inner/ ");
  CHECK(tree->read(at("lib/one/inner/c.yaml"), mounted_read_max) == "c: 1\n");
  CHECK(fill_submodule(std::move(tree), at("a.yaml"), tree_of({})).error().kind ==
        ErrorKind::invalid);
}

TEST_CASE("a part of a tree stays where it is, alone") {
  const auto all = [] {
    return tree_of({{"a/b/c.yaml", "c: 1\n"}, {"a/d.yaml", ""}, {"e.yaml", ""}});
  };
  const auto folder = part_of_tree(all(), at("a/b")).value();
  CHECK(names_in(*folder, "") == "a/ ");
  CHECK(names_in(*folder, "a") == "b/ ");
  CHECK(names_in(*folder, "a/b") == "c.yaml ");
  CHECK(names_in(*part_of_tree(all(), at("")).value(), "") == "a/ e.yaml ");
  CHECK(names_in(*part_of_tree(all(), at("a/b/c.yaml")).value(), "a/b") == "c.yaml ");
  CHECK(part_of_tree(all(), at("x")).error().kind == ErrorKind::invalid);
}

TEST_CASE("links are what they lead to, and what leads nowhere or out of the tree is not there") {
  const auto tree = resolve_links(make_memory_tree({.files = {{"base/a.yaml", "a: 1\n"}},
                                                    .links = {{"apps/a.yaml", "../base/a.yaml"},
                                                              {"apps/base", "../base"},
                                                              {"apps/gone", "nowhere"},
                                                              {"apps/out", "../../out"}},
                                                    .submodules = {{"apps/module", ""}}}));
  CHECK(names_in(*tree, "apps") == "a.yaml base/ ");
  CHECK(tree->read(at("apps/a.yaml"), mounted_read_max) == "a: 1\n");
  CHECK(tree->read(at("apps/base/a.yaml"), mounted_read_max) == "a: 1\n");
  CHECK(tree->kind(at("apps/gone")) == EntryKind::absent);
  CHECK(tree->kind(at("apps/out")) == EntryKind::absent);
}

}  // namespace primocane
