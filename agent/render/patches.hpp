// SPDX-License-Identifier: Apache-2.0
// The `patches`, `patchesJson6902` and `patchesStrategicMerge` fields of a kustomization
// (api/internal/builtins/Patch*Transformer.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"
#include "render/file_loader.hpp"
#include "render/json_patch.hpp"
#include "render/patch_schema.hpp"
#include "render/selector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One item of `patches` or `patchesJson6902`, as written.
struct PatchRule {
  std::string path;   ///< of the file that holds the patch, or
  std::string patch;  ///< its text
  std::optional<Selector> target;
  bool allow_name_change = false;
  bool allow_kind_change = false;
  std::uint32_t line = 0;
  std::string place{};  ///< for messages, where that is not the line of the kustomization's file
};

[[nodiscard]] Result<PatchRule> read_patch_rule(const Value& item, const FieldReader& reader);

/// A patch that has been loaded and read.
struct LoadedPatch {
  std::vector<Draft> merges;      ///< strategic merge patches, or
  std::optional<JsonPatch> json;  ///< a JSON patch
  std::optional<Selector> target;
  bool allow_name_change = false;
  bool allow_kind_change = false;
  bool takes_text_maps = false;  ///< metadata goes through maps of strings, as with a target
  bool stores_ids = false;       ///< the objects remember the identity that they had before
  std::string place;             ///< file and line of its rule, for messages
  DocumentLimits limits{};       ///< of what a JSON patch makes
};

/// Loads the patch of an item of `patches`; its text may be of either kind. `place` is where the
/// rule stands. `invalid` if it is of none or of both, or names no patch or two.
[[nodiscard]] Result<LoadedPatch> load_patch(const PatchRule& rule, const FileLoader& loader,
                                             std::string place);
/// Loads the patch of an item of `patchesJson6902`.
[[nodiscard]] Result<LoadedPatch> load_json_patch(const PatchRule& rule, const FileLoader& loader,
                                                  std::string place);
/// Reads the text of strategic merge patches.
[[nodiscard]] Result<LoadedPatch> read_merge_patches(std::string_view text,
                                                     const FileLoader& loader, std::string place);
/// Loads an item of `patchesStrategicMerge`: the text of patches, or the path of a file with some.
[[nodiscard]] Result<LoadedPatch> load_merge_patches(std::string_view item,
                                                     const FileLoader& loader, std::string place);

/// Whether `selector` finds the draft, by the name and namespace that it was written with or has.
[[nodiscard]] Result<bool> is_selected(const TargetSelector& selector, const Draft& draft);

/// Changes the drafts by `patch`; those that it deletes are taken out. `invalid` if no object, or
/// more than one, is what a patch without a target means.
[[nodiscard]] Result<void> apply_patch(std::vector<Draft>& drafts, const LoadedPatch& patch,
                                       const PatchSchema& schema);

}  // namespace primocane
