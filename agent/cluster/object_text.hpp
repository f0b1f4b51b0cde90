// SPDX-License-Identifier: Apache-2.0
// ObjectText: the text of a JSON object out of bytes that arrive in pieces.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// Finds where an object ends. It counts braces and nothing else: whoever takes the text parses it.
/// An object that lies within one piece is never copied.
class ObjectText {
 public:
  explicit ObjectText(ByteCount size_max) : size_max_(size_max.count()) {}

  /// Takes what of `piece` belongs to the object, which begins with the first byte of the first
  /// piece; returns how much that is. `invalid` for an object over the limit.
  [[nodiscard]] Result<std::size_t> feed(std::string_view piece);

  /// Whether the object has ended: feed() is not to be called before take() then.
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  /// The object has not begun.
  [[nodiscard]] bool is_empty() const { return depth_ == 0 && !is_complete_; }

  /// The text, valid during `use` at most; the next object may begin afterwards. Call it while the
  /// piece that ended the object is still there.
  template <typename Use>
  auto take(const Use& use) {
    const std::string whole = std::exchange(begun_, {});
    const std::string_view text = whole.empty() ? last_ : std::string_view(whole);
    is_complete_ = false;
    return use(text);
  }

 private:
  std::size_t size_max_;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
  bool is_complete_ = false;
  std::string begun_;      // what earlier pieces held of it
  std::string_view last_;  // the object, if it lies within one piece
};

}  // namespace primocane
