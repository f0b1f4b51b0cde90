// SPDX-License-Identifier: Apache-2.0
// Replacements: values of one object are copied into others (api/filters/replacement of kustomize
// 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "render/draft.hpp"
#include "render/replacement_rule.hpp"

#include <vector>

namespace primocane {

/// Applies the replacements one after the other. `invalid`, naming the rule and the object, if a
/// source is not exactly one object, if a field is missing, or if a value does not fit where it is
/// to go. What is copied keeps `limits`.
///
/// Known differences from kustomize. Errors here: what kustomize passes over without effect (a
/// field that is to be made in a null, steps through a text behind "*" or the like, a text that
/// does not fit a number inside JSON), and numbers and dates with an unusual spelling as source
/// ("0x1F", "1e3"). Folded texts are copied as they are printed.
[[nodiscard]] Result<void> apply_replacements(std::vector<Draft>& drafts,
                                              const std::vector<Replacement>& replacements,
                                              const DocumentLimits& limits = {});

}  // namespace primocane
