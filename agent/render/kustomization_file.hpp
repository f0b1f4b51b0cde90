// SPDX-License-Identifier: Apache-2.0
// KustomizationFile: a kustomization.yaml as written (api/types/kustomization.go of kustomize
// 5.8.1). What kustomize does not know in it is an error with file and line.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "render/field_spec.hpp"
#include "render/generator_rule.hpp"
#include "render/image_name.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/legacy_order.hpp"
#include "render/patches.hpp"
#include "render/replacement_rule.hpp"
#include "render/replica_rule.hpp"
#include "render/vars.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

enum class KustomizationKind : std::uint8_t { kustomization, component };

/// A path, a URL, or the text of an object, as it is listed in `resources` and the like.
struct ListedPath {
  std::string text;
  std::uint32_t line = 0;

  bool operator==(const ListedPath&) const = default;
};

/// One item of `labels`.
struct LabelRule {
  TextPairs pairs;
  bool include_selectors = false;
  bool include_templates = false;
  std::vector<FieldSpec> fields;

  bool operator==(const LabelRule&) const = default;
};

/// What `buildMetadata` asks for.
struct BuildMetadata {
  bool is_there = false;  ///< with any item, also an unknown one
  bool origin_annotations = false;
  bool transformer_annotations = false;
  bool managed_by_label = false;
};

/// The order that `sortOptions` asks for: as read, or by kind.
struct SortOptions {
  std::optional<KindOrder> legacy;  ///< nothing: fifo
};

/// The `openapi` field: where the schema of the objects is from.
struct OpenApiField {
  std::string path;
  std::string version;
  std::uint32_t line = 0;
};

/// The fields of a kustomization, deprecated ones under the names of what replaced them.
struct KustomizationFile {
  std::string path;  ///< of the file, for messages
  KustomizationKind kind = KustomizationKind::kustomization;
  std::vector<ListedPath> resources;  ///< and bases
  bool has_resources = false;         ///< other than bases
  std::vector<ListedPath> components;
  std::vector<ListedPath> crds;
  std::vector<ListedPath> configurations;
  std::vector<ListedPath> generators;
  std::vector<ListedPath> transformers;
  std::vector<ListedPath> validators;
  std::string namespace_name;  ///< "" where it is not set, as with the two below
  std::string name_prefix;
  std::string name_suffix;
  std::vector<LabelRule> labels;
  TextPairs common_labels;
  TextPairs common_annotations;
  std::vector<PatchRule> patches;
  std::vector<PatchRule> json_patches;              ///< patchesJson6902
  std::vector<ListedPath> strategic_merge_patches;  ///< patchesStrategicMerge
  std::vector<ImageRule> images;                    ///< and imageTags
  std::vector<ReplicaRule> replicas;
  std::vector<ReplacementRule> replacements;
  std::vector<Var> vars;
  std::vector<GeneratorRule> config_map_generators;  ///< with generatorOptions merged into theirs
  std::vector<GeneratorRule> secret_generators;
  std::optional<OpenApiField> openapi;
  std::optional<SortOptions> sort_options;
  BuildMetadata build_metadata;

  /// The name of the file in its folder.
  [[nodiscard]] std::string_view name() const {
    return std::string_view(path).substr(path.rfind('/') + 1);
  }
};

/// The kustomization file in `folder`: kustomization.yaml, kustomization.yml or Kustomization, or
/// nothing. `invalid` if there is more than one.
[[nodiscard]] Result<std::optional<RelativePath>> find_kustomization_file(
    const SourceTree& tree, const RelativePath& folder);

/// Reads the text of a kustomization file. `path` is the file's in messages. `invalid` for a field
/// that kustomize does not know (with a suggestion), for a value of the wrong type, for a file that
/// asks for nothing, and for Helm charts, which are not inflated.
[[nodiscard]] Result<KustomizationFile> read_kustomization_file(std::string_view text,
                                                                std::string path,
                                                                const DocumentLimits& limits);

/// The same as Flux reads the file at a Kustomization's path (fluxcd/pkg, kustomize_generator.go):
/// it passes over fields that kustomize does not know, takes a file that asks for nothing, and
/// looks at the first document alone.
[[nodiscard]] Result<KustomizationFile> read_kustomization_file_as_flux(
    std::string_view text, std::string path, const DocumentLimits& limits);

}  // namespace primocane
