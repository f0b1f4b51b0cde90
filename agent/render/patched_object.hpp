// SPDX-License-Identifier: Apache-2.0
// What kustomize makes of an object beside applying a JSON patch to it (api/filters/patchjson6902,
// api/internal/builtins/PatchTransformer.go).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "render/json_patch.hpp"

#include <cstdint>

namespace primocane {

/// Whether kustomize keeps notes of its own among the annotations of the object while it is being
/// patched. With `patches` it always does, since it notes the identity first; with
/// `patchesJson6902` only if it has changed the object's identity before.
enum class HiddenAnnotations : std::uint8_t { none, present };

/// Applies `patch` to `object`. With hidden annotations metadata.annotations is there even if the
/// object has none, so that one can be added. Afterwards, as in kustomize:
///  - all numbers of the object are rounded to doubles;
///  - annotations that are no strings become strings: a number in Go's 'g' format (1234567 becomes
///    "1.234567e+06"), a mapping or list "";
///  - metadata.annotations is left out if it is empty or no mapping.
/// The object may have another identity now, or none. `invalid` as from apply_json_patch, for a
/// number beyond doubles, and if the object is no mapping any more.
[[nodiscard]] Result<void> patch_object(Value& object, const JsonPatch& patch,
                                        HiddenAnnotations hidden,
                                        const DocumentLimits& limits = {});

}  // namespace primocane
