// SPDX-License-Identifier: Apache-2.0
// The key "$patch" of strategic merge patches (kyaml yaml/merge2/smpdirective.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>

namespace primocane {

enum class PatchDirective : std::uint8_t { merge, replace, remove };

/// Takes the directive out of a mapping or list of a patch; `merge` if there is none. That of a
/// list is its first element with the key "$patch", if it has no other; elements that are null or
/// empty go with it. `invalid` if it has another value than kustomize knows, and stays then.
[[nodiscard]] Result<PatchDirective> take_directive(Value& patch);

}  // namespace primocane
