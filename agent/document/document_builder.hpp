// SPDX-License-Identifier: Apache-2.0
// Builds the Value of a document from what a parser reports node by node: keeps the limits,
// expands aliases and merge keys, and finds what a grammar alone does not forbid.
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace primocane {

/// Where a node begins, and the anchor it carries (0: none; unique in its document).
struct NodeStart {
  std::uint32_t line = 0;
  std::size_t anchor = 0;
  bool is_flow = false;  ///< a collection in brackets
};

/// What a key that a mapping has twice is.
enum class DuplicateKeys : std::uint8_t { refused, last_counts };

/// Used for one file: its limits count over all documents of it. In a mapping, keys and values
/// come in turn. All errors are `invalid` and begin with "name:line: "; after one the builder is
/// of no further use.
class DocumentBuilder {
 public:
  DocumentBuilder(std::string_view name, const DocumentLimits& limits,
                  DuplicateKeys duplicates = DuplicateKeys::refused);

  [[nodiscard]] Result<void> begin_document(std::uint32_t line);
  /// The document's value; null if it was empty.
  [[nodiscard]] Value end_document();

  [[nodiscard]] Result<void> begin_array(NodeStart start);
  [[nodiscard]] Result<void> begin_object(NodeStart start);
  /// Ends the innermost collection. Errors: a key that the mapping has twice.
  [[nodiscard]] Result<void> end_collection();

  /// Adds a scalar. Errors: a key that is no string, a string beyond the limits.
  [[nodiscard]] Result<void> scalar(Value value, NodeStart start);
  /// The key "<<" whose value's members are to be merged into the innermost mapping, after its own
  /// and without replacing any. Errors: a second one in the same mapping.
  [[nodiscard]] Result<void> merge_key(std::uint32_t line);
  /// Adds a copy of the node with this anchor, whose cost is counted before it is made. Errors: the
  /// node is not complete yet (it contains itself), limits.
  [[nodiscard]] Result<void> alias(NodeStart start);

  /// Whether the next node is a key of a mapping.
  [[nodiscard]] bool expects_key() const;
  /// Whether the next node is the value of a key.
  [[nodiscard]] bool expects_value() const;

  /// An `invalid` error at `line` of this file.
  [[nodiscard]] std::unexpected<Error> fail_at(std::uint32_t line, std::string_view what) const;

 private:
  // What values cost: both are bounded, since an alias of a few bytes can stand for megabytes.
  struct Cost {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
  };
  struct Frame {
    Value collection;
    NodeStart start;
    Cost before;             // total when it began
    std::size_t height = 1;  // levels of collections from it downwards
    // Of mappings:
    std::optional<std::string> key;  // whose value comes next
    ScalarForm key_form = ScalarForm::plain;
    std::vector<std::uint32_t> key_lines;
    bool merges_next = false;  // the next value is that of "<<"
    bool has_merge = false;
    std::vector<Value> merged;  // mappings, the first wins
  };
  struct Anchored {
    Value value;
    Cost cost;
    std::size_t height = 0;
  };

  Result<void> begin_collection(Value empty, NodeStart start);
  Result<void> place(Value value, std::size_t height, std::uint32_t line);
  Result<void> take_key(Frame& frame, Value key, std::uint32_t line) const;
  Result<void> take_merged(Frame& frame, Value value, std::uint32_t line) const;
  Result<void> remember(const Value& value, NodeStart start, const Cost& cost, std::size_t height);
  Result<void> spend(const Cost& cost, std::uint32_t line);
  Result<void> require_unique_keys(const Frame& frame) const;

  std::string name_;
  DocumentLimits limits_;
  DuplicateKeys duplicates_;
  std::vector<Frame> frames_;
  Value root_;
  std::unordered_map<std::size_t, Anchored> anchors_;
  std::size_t documents_ = 0;
  Cost total_;
  Cost anchored_;
};

}  // namespace primocane
