// SPDX-License-Identifier: Apache-2.0
// Files of Kubernetes objects: YAML documents, with lists of objects taken apart.
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "render/draft.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The objects in `text`, the content of the file `path`, in kustomize's order: the items of
/// objects whose kind ends in "List" stand behind all documents (api/resource/factory.go,
/// inlineAnyEmbeddedLists). Such an object without `items` is an object like others. `invalid`,
/// with file and line, if something is no object of Kubernetes.
[[nodiscard]] Result<std::vector<Draft>> read_objects(std::string_view text,
                                                      const std::string& path,
                                                      const DocumentLimits& limits);

}  // namespace primocane
