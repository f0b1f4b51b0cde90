// SPDX-License-Identifier: Apache-2.0
// The hash that kustomize puts behind the names of what it generates, so that what uses them is
// started anew when they change (api/hasher/hasher.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <string>
#include <vector>

namespace primocane {

/// The ten letters for the content of a ConfigMap or Secret. `invalid` for another kind, which a
/// generated object can only become by a patch that changes its kind: kustomize then hashes its
/// syntax tree, with the columns of a file that nobody wrote.
[[nodiscard]] Result<std::string> content_hash(const Draft& draft);

/// Puts the hash behind the names of all drafts that need it, and remembers the names they had
/// (api/internal/builtins/HashTransformer.go). The name itself is not part of what is hashed.
[[nodiscard]] Result<void> add_hashes(std::vector<Draft>& drafts);

}  // namespace primocane
