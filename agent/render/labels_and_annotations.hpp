// SPDX-License-Identifier: Apache-2.0
// Labels and annotations that a kustomization gives to all of its objects.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/field_spec.hpp"

#include <map>
#include <string>
#include <vector>

namespace primocane {

using TextPairs = std::map<std::string, std::string>;

/// Sets the pairs in each mapping at one of `fields` (api/filters/labels and annotations). The
/// mappings at metadata/labels and the like are made where they are missing.
[[nodiscard]] Result<void> set_pairs(std::vector<Draft>& drafts, const TextPairs& pairs,
                                     const std::vector<FieldSpec>& fields);

}  // namespace primocane
