// SPDX-License-Identifier: Apache-2.0
// The `labels` and `commonAnnotations` fields of a kustomization.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/kustomization_file.hpp"

#include <map>
#include <string>
#include <vector>

namespace primocane {

/// Sets the rule's labels where it says: on the objects, with includeTemplates also on the
/// templates in them, with includeSelectors on the selectors as well, and in its own fields.
[[nodiscard]] Result<void> add_labels(std::vector<Draft>& drafts, const LabelRule& rule);

/// Sets annotations on the objects and the templates in them.
[[nodiscard]] Result<void> add_annotations(std::vector<Draft>& drafts,
                                           const std::map<std::string, std::string>& annotations);

}  // namespace primocane
