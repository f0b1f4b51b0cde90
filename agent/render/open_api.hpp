// SPDX-License-Identifier: Apache-2.0
// OpenApi: which schema a build merges by: the built-in one, or that of the first `openapi` field
// (patch_schema.hpp tells which that is, and why).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"
#include "render/patch_schema.hpp"

#include <vector>

namespace primocane {

/// The schema of one build.
class OpenApi {
 public:
  [[nodiscard]] const PatchSchema& schema() const { return schema_; }

  /// Takes the `openapi` field of the kustomization `file`, if it has one; all but the first that
  /// names something must only be there to be read. `invalid` for what is wrong in it.
  [[nodiscard]] Result<void> take(const KustomizationFile& file, const FileLoader& loader);
  /// An object was read. kustomize loads the built-in types for the first one of which it does not
  /// know without them whether it has a namespace.
  void note_object(const Draft& draft);
  /// Notes which of the objects have no namespace by the document of the field (GvkFromNode).
  void note_scopes(std::vector<Draft>& drafts) const;
  /// Patches were merged.
  void note_merge() { has_built_in_ = has_merged_ = true; }

 private:
  PatchSchema schema_;
  bool is_settled_ = false;
  bool has_built_in_ = false;
  bool has_merged_ = false;
};

}  // namespace primocane
