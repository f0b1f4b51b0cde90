// SPDX-License-Identifier: Apache-2.0
#include "expression/token_reader.hpp"

#include "expression/syntax_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace primocane {

const Token& TokenReader::next(std::size_t ahead) const {
  return tokens_[std::min(index_ + ahead, tokens_.size() - 1)];
}

Token TokenReader::take() {
  const Token token = next();
  if (token.kind != TokenKind::end) ++index_;
  return token;
}

bool TokenReader::takes(std::string_view symbol) {
  if (!next().is_symbol(symbol)) return false;
  ++index_;
  return true;
}

Result<void> TokenReader::expect(std::string_view symbol) {
  if (!takes(symbol)) return unexpected(fmt::format("\"{}\"", symbol));
  return {};
}

std::unexpected<Error> TokenReader::wrong(std::size_t position, std::string_view what) const {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", place_of(text_, position), what));
}

std::unexpected<Error> TokenReader::unexpected(std::string_view expected) const {
  const Token& token = next();
  if (token.kind == TokenKind::end) {
    return wrong(token.position, fmt::format("expected {} at the end", expected));
  }
  constexpr std::size_t shown_max = 40;
  return wrong(token.position,
               fmt::format("expected {}, not {}", expected, token.text.substr(0, shown_max)));
}

}  // namespace primocane
