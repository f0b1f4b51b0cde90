// SPDX-License-Identifier: Apache-2.0
#include "render/excluded_files.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace primocane {

namespace {

// Those of fluxcd/pkg sourceignore's patterns that could name a folder or a YAML file.
constexpr std::array<std::string_view, 3> folders = {".git", ".github", ".circleci"};
constexpr std::array<std::string_view, 10> files = {".travis.yml",        ".gitlab-ci.yml",
                                                    "appveyor.yml",       ".drone.yml",
                                                    "cloudbuild.yaml",    "codeship-services.yml",
                                                    "codeship-steps.yml", ".goreleaser.yml",
                                                    ".sops.yaml",         ".flux.yaml"};

}  // namespace

bool is_excluded(const TreeEntry& entry) {
  if (entry.kind == EntryKind::folder && std::ranges::find(folders, entry.name) != folders.end()) {
    return true;
  }
  return std::ranges::find(files, entry.name) != files.end();
}

}  // namespace primocane
