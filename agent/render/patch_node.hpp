// SPDX-License-Identifier: Apache-2.0
// Values as kyaml sees them while it merges: nodes of three kinds, compared by their text (kyaml
// yaml/rnode.go). A null pointer is a node that is not there.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

enum class NodeKind : std::uint8_t { none, scalar, list, mapping };

/// "a scalar", "a list", "a mapping"
[[nodiscard]] std::string_view to_string(NodeKind kind);

/// `none` for what is not there and for null, which fits everything.
[[nodiscard]] NodeKind node_kind(const Value* node);

/// Whether it is not there, null, or a value left out in a flow mapping ("{key}"), which the reader
/// made a string of.
[[nodiscard]] bool is_missing_or_null(const Value* node);

/// Whether it is null by the word: the target keeps such a null, and not one that is left out.
[[nodiscard]] bool is_written_null(const Value& node);

/// The text of a scalar, as far as a Value knows it ("1.50" is "1.5" in it); "" for a list or
/// mapping and for a null that is left out.
[[nodiscard]] std::string_view node_text(const Value& node);

/// The text of a field of `node`; "" if there is no such field, or null or an empty list or mapping
/// in it.
[[nodiscard]] std::string_view field_text(const Value& node, std::string_view field);

/// An error within a list or mapping, whose message begins with the path to it: `step` is put
/// before that of `error`.
[[nodiscard]] Error below(std::string_view step, Error error);

/// An `invalid` error about the value at hand, for `below` to put its path before.
[[nodiscard]] std::unexpected<Error> fail_here(std::string_view message);

/// What a merge may still cost, since a patch of a few bytes can make it quadratic: an odd list is
/// gone through for each of its elements, and elements without a key can multiply.
class MergeBudget {
 public:
  explicit MergeBudget(std::size_t steps) : left_(steps) {}

  /// `invalid` if less is left.
  [[nodiscard]] Result<void> spend(std::size_t steps);

 private:
  std::size_t left_;
};

}  // namespace primocane
