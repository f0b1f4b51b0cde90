// SPDX-License-Identifier: Apache-2.0
// TokenReader: goes through the tokens of an expression, and says where something else was
// expected.
#pragma once

#include "base/error.hpp"
#include "expression/lexer.hpp"

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// The tokens that are left. `text` is the expression, which must outlive it.
class TokenReader {
 public:
  TokenReader(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  /// The token that many places ahead; behind the last one, that.
  [[nodiscard]] const Token& next(std::size_t ahead = 0) const;
  /// Takes one token, or that many.
  Token take();
  void skip(std::size_t count) { index_ += count; }
  /// Takes the token if it is that symbol.
  bool takes(std::string_view symbol);
  /// `invalid` unless the next token is that symbol, which is taken.
  [[nodiscard]] Result<void> expect(std::string_view symbol);

  /// "3:14: what": an error at a place of the expression.
  [[nodiscard]] std::unexpected<Error> wrong(std::size_t position, std::string_view what) const;
  /// The error that something else than the next token was expected.
  [[nodiscard]] std::unexpected<Error> unexpected(std::string_view expected) const;

 private:
  std::string_view text_;
  std::vector<Token> tokens_;  // the last is `end`
  std::size_t index_ = 0;
};

}  // namespace primocane
