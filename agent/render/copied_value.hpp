// SPDX-License-Identifier: Apache-2.0
// CopiedValue: what a replacement takes from its source and puts into fields
// (api/filters/replacement, getRefinedValue and setFieldValue).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/field_match.hpp"
#include "render/replacement_rule.hpp"

#include <string>
#include <string_view>

namespace primocane {

class CopiedValue {
 public:
  /// A text without a type.
  explicit CopiedValue(std::string_view text);
  /// `value`, or the part of its text that `options` ask for. `invalid` if it has no such part, or
  /// none at all.
  [[nodiscard]] static Result<CopiedValue> make(const Value& value, const FieldOptions& options);

  /// What a field is made as for it.
  [[nodiscard]] MadeLeaf leaf() const;
  /// The text of a scalar, "" of a list or mapping. `invalid` if it is not known any more.
  [[nodiscard]] const Result<std::string>& text() const { return text_; }
  /// The value itself. `invalid` if the text is none of the type that the source has.
  [[nodiscard]] const Result<Value>& value() const { return value_; }

 private:
  CopiedValue(Result<std::string> text, Result<Value> value);

  Result<std::string> text_;
  Result<Value> value_;
};

/// Puts `copied` into `target`: a scalar gets its text, or has it as the part that `options` ask
/// for, and keeps its type; anything else becomes the value. `invalid` if that is not possible.
[[nodiscard]] Result<void> put_value(Value& target, const CopiedValue& copied,
                                     const FieldOptions& options);

}  // namespace primocane
