// SPDX-License-Identifier: Apache-2.0
// Builds one tree after the other for the differential test, without starting a program and a box
// for each. internal/engine/engine.go says how it is asked and what it answers.
#include "document/key_order.hpp"
#include "document/yaml_writer.hpp"
#include "render/given_remotes.hpp"
#include "render/kustomize.hpp"
#include "source/folder_tree.hpp"

#include <array>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// The tree's folder, the folder in it that is built, the order and the load restrictor.
using TreeRequest = std::array<std::string, 4>;

TreeRequest parse_request(std::string_view line) {
  TreeRequest words;
  for (std::string& word : words) {
    const std::size_t tab = line.find('\t');
    word = line.substr(0, tab);
    line = tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
  }
  return words;
}

Result<std::string> build_tree(const TreeRequest& request) {
  const auto& [root, folder, order, restrictor] = request;
  const std::unique_ptr<SourceTree> tree = TRY(open_folder_tree(root));
  const RelativePath path = TRY(RelativePath::parse(folder == "." ? "" : folder));
  BuildOptions options;
  if (order == "none") options.reorder = Reorder::none;
  if (restrictor == "LoadRestrictionsRootOnly") {
    options.load_restrictor = LoadRestrictor::root_only;
  }
  GivenRemotes remotes({}, 0, options.limits.document.bytes);
  std::vector<Draft> drafts = TRY(build_folder(*tree, remotes, path, options));
  if (!remotes.is_complete()) return fail(ErrorKind::unavailable, "something lies elsewhere");
  std::string text;
  for (Draft& draft : drafts) {
    if (!text.empty()) text += "---\n";
    text += write_yaml(in_printed_order(std::move(draft.object)));
  }
  return text;
}

void answer(std::string_view word, std::string_view text) {
  std::printf("%.*s %zu\n", static_cast<int>(word.size()), word.data(), text.size());
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

int serve() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const Result<std::string> built = build_tree(parse_request(line));
    if (built) {
      answer("ok", *built);
    } else {
      answer("failed", built.error().message);
    }
  }
  return 0;
}

}  // namespace

}  // namespace primocane

int main() { return primocane::serve(); }
