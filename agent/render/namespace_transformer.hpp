// SPDX-License-Identifier: Apache-2.0
// The `namespace` field of a kustomization (api/filters/namespace of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Puts `drafts` into the namespace `name`: all but the kinds of Kubernetes that have none; a
/// Namespace is renamed. Subjects of role bindings that are called "default" follow, and the
/// services of APIServices and of CRDs' conversion. `invalid`, naming both, if two objects become
/// one by it.
[[nodiscard]] Result<void> set_namespace(std::vector<Draft>& drafts, const std::string& name);

}  // namespace primocane
