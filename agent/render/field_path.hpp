// SPDX-License-Identifier: Apache-2.0
// FieldPath: the paths of kustomize's replacements and vars ("spec.containers.[name=web].image")
// as the steps that they are made of (kyaml, utils.SmarterPathSplitter). field_match.hpp follows
// them.
#pragma once

#include "base/error.hpp"
#include "document/regular_expression.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One step of a path. A match goes by `kind`, a look-up by `text` alone.
struct FieldStep {
  enum class Kind : std::uint8_t {
    field,    ///< the member of a mapping with this name
    index,    ///< an item of a list
    element,  ///< "[key=value]": the items whose member's text has `value` as regular expression in
              ///< it; "[=value]": the items whose text has
    every,    ///< "*": all items of a list
    malformed,  ///< brackets without "="
  };
  /// What an element must have in its text.
  struct Pattern {
    std::string text;
    std::optional<RegularExpression> expression;  ///< nothing if the text stands for itself

    [[nodiscard]] bool is_in(std::string_view element) const;
  };

  std::string text;  ///< as written
  Kind kind = Kind::field;
  std::size_t index = 0;
  std::string key;
  Result<Pattern> pattern = Pattern();  ///< an error if it is no regular expression
};

class FieldPath {
 public:
  /// The steps between the dots. "\." is a dot in a name, and what is in brackets is one step:
  /// "[a.b]" is the name a.b. What is wrong with a step shows when it is followed.
  [[nodiscard]] static FieldPath parse(std::string_view text);
  /// The same for vars, where "ports[0]" is two steps (kyaml, convertSliceIndex).
  [[nodiscard]] static FieldPath parse_with_indices(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::span<const FieldStep> steps() const { return steps_; }

 private:
  std::string text_;
  std::vector<FieldStep> steps_;
};

/// The parts of "[key=value]"; nothing if `text` is none.
struct ElementStep {
  std::string_view key;
  std::string_view value;
};
[[nodiscard]] std::optional<ElementStep> element_step(std::string_view text);

/// Whether `text` is in brackets.
[[nodiscard]] bool is_element(std::string_view text);

/// The integer that `text` is, with or without sign (strconv.Atoi).
[[nodiscard]] std::optional<std::int64_t> go_atoi(std::string_view text);

}  // namespace primocane
