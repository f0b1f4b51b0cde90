// SPDX-License-Identifier: Apache-2.0
// Takes an expression apart into tokens (the lexer rules of cel-go's parser/gen/CEL.g4).
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace primocane {

enum class TokenKind : std::uint8_t {
  end,
  identifier,
  symbol,  ///< an operator, a bracket, "in"
  integer,
  unsigned_integer,
  real,
  text,   ///< with its quotes and prefix
  bytes,  ///< the same behind "b"
  word,   ///< true, false, null
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text{};
  std::uint32_t position = 0;

  [[nodiscard]] bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::symbol && text == symbol;
  }
};

/// The tokens of `text`, ended by one of kind `end`. `invalid` with the place of what is none.
[[nodiscard]] Result<std::vector<Token>> read_tokens(std::string_view text);

}  // namespace primocane
