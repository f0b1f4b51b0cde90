// SPDX-License-Identifier: Apache-2.0
// JSON pointers (RFC 6901): paths of fields in differences and rules.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A parsed JSON pointer; its tokens are unescaped. The empty pointer names the whole document.
class JsonPointer {
 public:
  JsonPointer() = default;
  /// `invalid` if `text` is neither empty nor begins with "/", or holds a bad escape.
  [[nodiscard]] static Result<JsonPointer> parse(std::string_view text);

  [[nodiscard]] const std::vector<std::string>& tokens() const { return tokens_; }
  [[nodiscard]] std::string str() const;
  /// This pointer with one more token.
  [[nodiscard]] JsonPointer child(std::string token) const;
  /// The value it names in `document`, or null.
  [[nodiscard]] const Value* find_in(const Value& document) const;
  bool operator==(const JsonPointer&) const = default;

 private:
  std::vector<std::string> tokens_;
};

}  // namespace primocane
