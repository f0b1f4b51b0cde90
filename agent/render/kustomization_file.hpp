// SPDX-License-Identifier: Apache-2.0
// KustomizationFile: a kustomization.yaml as written. A field that is not served is an error with
// file and line, so that nothing is left out of a rendering without a word.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "render/field_spec.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// A path, as it is listed in `resources`.
struct ListedPath {
  std::string text;
  std::uint32_t line = 0;

  bool operator==(const ListedPath&) const = default;
};

/// One item of `labels`.
struct LabelRule {
  std::map<std::string, std::string> pairs;
  bool include_selectors = false;
  bool include_templates = false;
  std::vector<FieldSpec> fields;

  bool operator==(const LabelRule&) const = default;
};

struct KustomizationFile {
  std::string path;  ///< of the file, for messages
  std::vector<ListedPath> resources;
  std::string namespace_name;  ///< "" where it is not set, as with the two below
  std::string name_prefix;
  std::string name_suffix;
  std::vector<LabelRule> labels;
  std::map<std::string, std::string> common_annotations;

  bool operator==(const KustomizationFile&) const = default;
};

/// The kustomization file in `folder`: kustomization.yaml, kustomization.yml or Kustomization, or
/// nothing. `invalid` if there is more than one.
[[nodiscard]] Result<std::optional<RelativePath>> find_kustomization_file(
    const SourceTree& tree, const RelativePath& folder);

/// Reads the text of a kustomization file. `path` is the file's in messages. `invalid` for a field
/// that kustomize does not know (with a suggestion) or that is not supported, for a value of the
/// wrong type, and for a file that asks for nothing.
[[nodiscard]] Result<KustomizationFile> read_kustomization_file(std::string_view text,
                                                                std::string path,
                                                                const DocumentLimits& limits);

}  // namespace primocane
