// SPDX-License-Identifier: Apache-2.0
// What a source takes of its tree.
#include "source/tree_shape.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/stored_memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// All files that can be reached from the root, sorted.
std::vector<std::string> files_of(const StoredTree& tree) {
  std::vector<std::string> files;
  std::vector<RelativePath> folders{RelativePath()};
  while (!folders.empty()) {
    const RelativePath folder = folders.back();
    folders.pop_back();
    const auto entries = tree.list(folder);
    REQUIRE(entries.has_value());
    for (const TreeEntry& entry : *entries) {
      const RelativePath path = folder.join(entry.name).value();
      CHECK(tree.kind(path) == entry.kind);
      if (entry.kind == EntryKind::folder) folders.push_back(path);
      if (entry.kind == EntryKind::file) files.push_back(path.str());
    }
  }
  std::ranges::sort(files);
  return files;
}

// All but the .sourceignore files, which Flux keeps and nobody reads after it.
std::vector<std::string> kept_of(const Value& list) {
  std::vector<std::string> texts;
  for (const Value& item : *list.as_array()) {
    if (!item.scalar_text().ends_with(".sourceignore")) texts.emplace_back(item.scalar_text());
  }
  std::ranges::sort(texts);
  return texts;
}

TreeContent content_of_paths(const std::vector<std::string>& paths) {
  TreeContent content;
  for (const std::string& path : paths) content.files[path] = path;
  return content;
}

// "FILE FILE ..." of the shaped tree, or why there is none.
std::string shaped(const std::vector<std::string>& paths, const TreeShape& shape) {
  const auto tree = shape_tree(make_stored_tree(content_of_paths(paths)), shape);
  if (!tree) return tree.error().message;
  std::string files;
  for (const std::string& file : files_of(**tree)) files += file + ' ';
  return files;
}

}  // namespace

TEST_CASE("what is left out of a source is what Flux leaves out") {
  std::size_t left_out = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/ignore/cases.jsonl")) {
    CAPTURE(write_json(row));
    TreeContent content;
    for (const auto& [path, text] : *row.find("files")->as_object()) {
      content.files[path] = text.scalar_text();
    }
    const std::size_t count = content.files.size();
    auto own = read_ignore_patterns(row.text_at("ignore"));
    REQUIRE(own.has_value());
    const auto tree =
        without_ignored(make_stored_tree(std::move(content)), std::move(*own), IgnoreDefaults::yes);
    const std::vector<std::string> files = files_of(*tree);
    REQUIRE(files == kept_of(*row.find("kept")));
    left_out += count - files.size();
  }
  CHECK(left_out > 500);
}

TEST_CASE("Flux's own patterns count where a source has none, and only if they are to") {
  TreeShape shape;
  CHECK(shaped({"a.png", "a.yaml", "b/.sops.yaml", ".github/x.yaml"}, shape) == "a.yaml ");
  // A file's content is its own path here, which is a pattern.
  CHECK(shaped({"a.png", "b/.sourceignore"}, shape) == "a.png ");
  shape.ignore = "# nothing\n";
  CHECK(shaped({"a.png", "a.yaml"}, shape) == "a.yaml ");
  shape.ignore = "b\n";
  CHECK(shaped({"a.png", "a.yaml", "b"}, shape) == "a.png a.yaml ");
  shape = {.sparse = {}, .ignore = {}, .defaults = IgnoreDefaults::no};
  CHECK(shaped({"a.png", "a.yaml", ".gitignore"}, shape) == "a.png a.yaml ");
}

TEST_CASE("a file that is kept is there, also in a folder that is left out") {
  TreeShape shape;
  shape.ignore = "/*\n!/deploy\n/deploy/old/\n!/deploy/old/a.yaml\n";
  CHECK(shaped({"a.yaml", "deploy/b.yaml", "deploy/old/a.yaml", "deploy/old/b.yaml", "x/deploy"},
               shape) == "deploy/b.yaml deploy/old/a.yaml ");
}

TEST_CASE("patterns without end are refused, and name their file") {
  TreeContent content;
  content.files["a/x"] = {};
  for (int i = 0; i < 10'001; ++i) content.files["a/.sourceignore"] += "x\n";
  const auto tree = without_ignored(make_stored_tree(content), {}, IgnoreDefaults::yes);
  const auto listed = tree->list(RelativePath::parse("a").value());
  REQUIRE_FALSE(listed.has_value());
  CHECK(listed.error().message == "a/.sourceignore: more than 10000 patterns");
  TreeShape shape;
  shape.ignore = std::string(70'000, 'x');
  CHECK(shaped({"a"}, shape).starts_with("spec.ignore: a pattern is longer"));
}

TEST_CASE("a sparse checkout takes what begins with its paths") {
  TreeShape shape;
  shape.sparse = {"./app", "base/x.yaml"};
  CHECK(shaped({"app/a.yaml", "apps/b.yaml", "base/x.yaml", "base/y.yaml", "c.yaml"}, shape) ==
        "app/a.yaml apps/b.yaml base/x.yaml ");
  shape.sparse = {"none"};
  CHECK(shaped({"a"}, shape) == "spec.sparseCheckout: \"none\" is not in the repository");
}

TEST_CASE("a shape survives the way to a renderer") {
  const TreeShape shape{.sparse = {"x"}, .ignore = "y\n", .defaults = IgnoreDefaults::no};
  CHECK(read_tree_shape(write_tree_shape(shape)) == shape);
  for (const char* odd : {"[]", "{}", R"({"sparse":[1]})"}) {
    CHECK(read_tree_shape(read_json(odd, "test").value()).error().kind == ErrorKind::invalid);
  }
}

}  // namespace primocane
