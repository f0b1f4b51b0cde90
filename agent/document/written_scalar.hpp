// SPDX-License-Identifier: Apache-2.0
// The texts of scalars, as kustomize's replacements copy them from one YAML node to another: a
// node keeps its type, whatever text it gets.
#pragma once

#include "base/error.hpp"
#include "document/plain_scalar.hpp"
#include "document/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// How `text` is spelled if type_plain_scalar made `scalar` of it.
[[nodiscard]] Spelling spelling_of(const TypedScalar& scalar, std::string_view text);

/// The type by which kustomize knows the scalar `value`: that of a string which was read from a
/// plain date is timestamp, that of 1.0 is real.
[[nodiscard]] ScalarType scalar_type(const Value& value);

/// The text that `value` was written with: "1.10", not 1.1. That of a list or mapping is "".
/// Nothing if it is not known any more: the spelling was an unusual one ("0x1F", "1e3").
[[nodiscard]] std::optional<std::string> written_text(const Value& value);

/// The same, and where it is not known any more the text of the JSON value.
[[nodiscard]] std::string text_as_written(const Value& value);

/// Gives the scalar `target` another text: a string takes each, a number, boolean, null or
/// timestamp one of its own type only. An integer does for a real number. The untagged gets the
/// type that the text has when it is plain. How it is quoted stays. `invalid`, without the text, if
/// it does not fit.
[[nodiscard]] Result<void> set_scalar_text(Value& target, std::string_view text);

/// A scalar that was made without a type (in Go, a yaml.Node with nothing but a value): it has the
/// type of its plain text until it gets another text. `invalid` for infinity and NaN.
[[nodiscard]] Result<Value> untagged_scalar(std::string_view text);

}  // namespace primocane
