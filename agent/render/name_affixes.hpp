// SPDX-License-Identifier: Apache-2.0
// The `namePrefix` and `nameSuffix` fields of a kustomization.
#pragma once

#include "render/draft.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Puts `prefix` before the names of all objects but Namespaces, CRDs and APIServices, whose names
/// say what they are (api/internal/builtins/PrefixTransformer.go). Nothing if it is "".
void add_name_prefix(std::vector<Draft>& drafts, const std::string& prefix);

/// The same behind the names.
void add_name_suffix(std::vector<Draft>& drafts, const std::string& suffix);

}  // namespace primocane
