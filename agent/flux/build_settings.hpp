// SPDX-License-Identifier: Apache-2.0
// BuildSettings: what a Kustomization of Flux says about how its objects are built
// (kustomize-controller, api/v1/kustomization_types.go). A plain value, which travels to the child
// that builds.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "flux/spec_reader.hpp"
#include "flux/substitution.hpp"
#include "flux/variable_expansion.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// The objects that a patch is for (fluxcd/pkg apis/kustomize, Selector); "" is for any.
struct PatchTarget {
  std::string group;
  std::string version;
  std::string kind;
  std::string namespace_name;
  std::string name;
  std::string label_selector;
  std::string annotation_selector;

  bool operator==(const PatchTarget&) const = default;
};

/// One item of spec.patches.
struct BuildPatch {
  std::string text;  ///< of a strategic merge patch or a JSON patch
  std::optional<PatchTarget> target;

  bool operator==(const BuildPatch&) const = default;
};

/// One item of spec.images; "" where a field is not set.
struct BuildImage {
  std::string name;
  std::string new_name;
  std::string new_tag;
  std::string digest;

  bool operator==(const BuildImage&) const = default;
};

struct BuildSettings {
  std::string target_namespace;  ///< "" where it is not set, as with the two below
  std::string name_prefix;
  std::string name_suffix;
  std::vector<BuildPatch> patches;
  std::vector<std::string> components;
  bool ignores_missing_components = false;
  std::vector<BuildImage> images;
  std::vector<std::string> build_metadata;
  std::map<std::string, std::string> common_labels;  ///< of commonMetadata, as the next
  std::map<std::string, std::string> common_annotations;
  Variables variables;  ///< of postBuild: inline ones, and what substituteFrom came to
  std::set<std::string> confidential_variables;  ///< names of those that come out of Secrets
  SubstituteStrategy strategy = SubstituteStrategy::with_variables;
  Value ignore;  ///< spec.ignore as it was written, if IgnoreRules can read it; else null

  bool operator==(const BuildSettings&) const = default;
};

/// Reads the fields of a Kustomization's spec but those of postBuild, which are read elsewhere.
/// What is wrong goes to the reader's fault.
[[nodiscard]] BuildSettings read_build_settings(SpecReader& spec);

/// The settings as JSON, and back. Equal settings are written equally.
[[nodiscard]] Value write_build_settings(const BuildSettings& settings);
[[nodiscard]] Result<BuildSettings> read_build_settings(const Value& written);

}  // namespace primocane
