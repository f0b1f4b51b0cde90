// SPDX-License-Identifier: Apache-2.0
// JSON or YAML in the text of a field, whose own fields replacements change
// (api/filters/replacement, setValueInStructuredData).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "render/copied_value.hpp"
#include "render/field_path.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// The text on the way of a path, and the steps that lead to it.
struct TextOnPath {
  Value* text = nullptr;  ///< a scalar; null if there is none
  std::size_t steps = 0;
};

/// The first scalar before the end of `path` (looked up: patterns and "*" are not followed).
[[nodiscard]] TextOnPath text_on_path(Value& root, std::span<const FieldStep> path);

/// `text` with `copied` at `path` in it: JSON as Go writes it, in lines if `text` has lines and
/// indentation; YAML as kyaml prints it. With CreateField::yes what is missing is made. `invalid`
/// if the text is neither a mapping nor a list, or has no such field.
[[nodiscard]] Result<std::string> replace_in_text(std::string_view text,
                                                  std::span<const FieldStep> path,
                                                  const CopiedValue& copied, CreateField create,
                                                  const DocumentLimits& limits);

}  // namespace primocane
