// SPDX-License-Identifier: Apache-2.0
// Labels and annotations that kustomize's transformers put into several fields as one and the same
// YAML node (api/filters/labels, fsslice, kyaml's FieldSetter). It shows: a later transformer or
// patch that sets such a label in one field sets it in the selectors and templates as well, also
// without includeSelectors. What prints the same must do the same.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <string>
#include <vector>

namespace primocane {

/// `text` was set for `key`: made new in the mappings at `made`, and changed in those at `changed`.
[[nodiscard]] Result<void> share_text(Draft& draft, const std::string& key, const std::string& text,
                                      std::vector<std::string> made,
                                      const std::vector<std::string>& changed);

/// Takes over what a patch changed in one of the fields of a shared text.
[[nodiscard]] Result<void> follow_shared_texts(Draft& draft);

}  // namespace primocane
