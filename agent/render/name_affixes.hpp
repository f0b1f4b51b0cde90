// SPDX-License-Identifier: Apache-2.0
// The `namePrefix` and `nameSuffix` fields of a kustomization.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/field_spec.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Puts `prefix` before the texts in the fields of `specs`: the names of all objects but
/// Namespaces, CRDs and APIServices, whose names say what they are
/// (api/internal/builtins/PrefixTransformer.go).
[[nodiscard]] Result<void> add_name_prefix(std::vector<Draft>& drafts, const std::string& prefix,
                                           const std::vector<FieldSpec>& specs);

/// The same behind the texts.
[[nodiscard]] Result<void> add_name_suffix(std::vector<Draft>& drafts, const std::string& suffix,
                                           const std::vector<FieldSpec>& specs);

}  // namespace primocane
