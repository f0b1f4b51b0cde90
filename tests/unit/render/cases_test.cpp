// SPDX-License-Identifier: Apache-2.0
// Compares what we build with what the real kustomize 5.8.1 printed for the same files: each folder
// of tests/unit/render/cases is one sentence; record.sh there writes expected.yaml.
#include "document/key_order.hpp"
#include "document/yaml_writer.hpp"
#include "render/kustomize.hpp"
#include "support/drafts.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace primocane {

namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::unique_ptr<SourceTree> tree_of(const fs::path& folder) {
  TreeContent content;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    content.files.emplace(fs::relative(entry.path(), folder).generic_string(),
                          content_of(entry.path()));
  }
  return make_memory_tree(std::move(content));
}

}  // namespace

TEST_CASE("each case is built as kustomize builds it, byte by byte") {
  std::size_t cases = 0;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(PRIMOCANE_SOURCE_DIR "/tests/unit/render/cases")) {
    if (!entry.is_directory()) continue;
    ++cases;
    DYNAMIC_SECTION(entry.path().filename().string()) {
      const auto tree = tree_of(entry.path() / "input");
      const bool has_overlay = fs::exists(entry.path() / "input" / "overlay");
      const auto folder = RelativePath::parse(has_overlay ? "overlay" : "").value();
      MemoryRemotes remotes;
      const auto built = build_folder(*tree, remotes, folder, {});
      INFO((built ? std::string() : built.error().message));
      REQUIRE(built.has_value());
      CHECK(printed(*built) == content_of(entry.path() / "expected.yaml"));
    }
  }
  CHECK(cases >= 15);
}

}  // namespace primocane
