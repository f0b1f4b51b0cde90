// SPDX-License-Identifier: Apache-2.0
// A document as SOPS sees it: mappings and lists in their order, comments among what they hold.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

struct SopsItem;

enum class SopsKind : std::uint8_t { scalar, mapping, list, comment };

/// A node. Its strings may be any bytes: a binary file is one string.
struct SopsNode {
  SopsKind kind = SopsKind::scalar;
  bool is_inline = false;  ///< of a comment: behind a value, on its line
  /// Of a scalar; of a comment its text without "#"; of others an empty one with line and spelling.
  Value value;
  std::vector<SopsItem> items;  ///< of a mapping or list

  SopsNode();
  SopsNode(SopsKind of, Value content);
};

/// What a mapping or a list holds: `key` is empty in lists and for comments.
struct SopsItem {
  std::string key;
  SopsNode node;
};

using SopsBranch = std::vector<SopsItem>;  ///< what the mapping of a document holds

/// The tree of a value. Numbers get the text that Go writes for them. `invalid`, with `name` and
/// line, for an integer that has more than 64 bits, which SOPS does not take.
[[nodiscard]] Result<SopsNode> sops_node(Value value, std::string_view name);

/// The value of a tree without its comments. `invalid`, with the path of keys, for a string that is
/// no UTF-8.
[[nodiscard]] Result<Value> value_of_sops(SopsNode node);

/// The member of `branch` called `key`, or null.
[[nodiscard]] const SopsNode* find_in(const SopsBranch& branch, std::string_view key);

/// The bytes that a scalar counts with in the MAC (ToBytes in sops.go).
[[nodiscard]] std::string sops_bytes(const Value& scalar);

/// The text of a scalar in formats that have no types (ValToString in stores/stores.go).
[[nodiscard]] std::string sops_text(const Value& scalar);

/// Whether a number is one with a fraction or exponent, if only by how it was written.
[[nodiscard]] bool is_real(const Value& scalar);

/// A number with a fraction, as Go's JSON writes it; spelled so that is_real() says so.
[[nodiscard]] Value real_number(double number);

}  // namespace primocane
