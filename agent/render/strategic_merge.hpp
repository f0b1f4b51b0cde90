// SPDX-License-Identifier: Apache-2.0
// Strategic merge patches as kustomize 5.8.1 applies them (kyaml yaml/merge2 and yaml/walk with the
// options of api/filters/patchstrategicmerge).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/patch_schema.hpp"

#include <cstdint>

namespace primocane {

/// What became of the object.
enum class MergeOutcome : std::uint8_t { changed, deleted };

/// Merges `patch` into the object `target`; `deleted` if its root says `$patch: delete`. Types are
/// found by apiVersion and kind, wherever a mapping within an unknown one has them; without a type
/// lists are replaced. What the patch does not name is gone through as well: elements that a merged
/// list has twice become one, and keys whose value is left out go.
///
/// As in kustomize, `$patch: replace` at the root changes nothing, and in an element of a list
/// nothing if the target has the element; `$setElementOrder` and `$deleteFromPrimitiveList` are
/// ordinary keys. A scalar that replaces a quoted one becomes a string.
///
/// `invalid`, with the path of the field, if both differ in being scalar, list or mapping, or for
/// an unknown `$patch`; `target` is of no further use then.
///
/// Known differences: scalars are compared by the text that a Value has of them ("1.0" is "1", "~"
/// is "null"); types in comments do not count; what is merged twice, because several values of a
/// key lead to it, is not the same node in all places.
[[nodiscard]] Result<MergeOutcome> strategic_merge(Value& target, Value patch,
                                                   const PatchSchema& schema);

}  // namespace primocane
