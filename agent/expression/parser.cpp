// SPDX-License-Identifier: Apache-2.0
#include "expression/parser.hpp"

#include "expression/lexer.hpp"
#include "expression/literal.hpp"
#include "expression/macros.hpp"
#include "expression/token_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// "in", "true", "false" and "null" are no identifiers to the lexer.
constexpr auto reserved_words = std::to_array<std::string_view>(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
     "namespace", "package", "return", "var", "void", "while"});

struct BinaryOperator {
  std::string_view symbol;
  Function function;
};

// From those that bind least; those of one level bind from the left.
constexpr auto relations = std::to_array<BinaryOperator>({{"<", Function::less},
                                                          {"<=", Function::less_equals},
                                                          {">=", Function::greater_equals},
                                                          {">", Function::greater},
                                                          {"==", Function::equals},
                                                          {"!=", Function::not_equals},
                                                          {"in", Function::in}});
constexpr auto sums =
    std::to_array<BinaryOperator>({{"+", Function::add}, {"-", Function::subtract}});
constexpr auto products = std::to_array<BinaryOperator>(
    {{"*", Function::multiply}, {"/", Function::divide}, {"%", Function::modulo}});
constexpr std::array<std::span<const BinaryOperator>, 3> levels = {relations, sums, products};

class Parser : private TokenReader {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, const ExpressionLimits& limits)
      : TokenReader(text, std::move(tokens)), limits_(limits) {}

  Result<SyntaxNode> parse() {
    SyntaxNode root = TRY(parse_conditional());
    if (next().kind != TokenKind::end) return unexpected("the end or an operator");
    return root;
  }

 private:
  // The node above `children`, if the tree does not become too deep.
  Result<SyntaxNode> node(SyntaxNode made) const {
    for (const SyntaxNode& child : made.children)
      made.depth = std::max(made.depth, child.depth + 1);
    if (made.depth <= limits_.depth) return made;
    return wrong(made.position, fmt::format("more than {} parts lie in each other", limits_.depth));
  }
  Result<SyntaxNode> operation(Function function, const Token& token,
                               std::vector<SyntaxNode> operands) const {
    return node({.kind = NodeKind::call,
                 .position = token.position,
                 .function = function,
                 .children = std::move(operands)});
  }
  static std::vector<SyntaxNode> pair(SyntaxNode left, SyntaxNode right) {
    std::vector<SyntaxNode> both;
    both.push_back(std::move(left));
    both.push_back(std::move(right));
    return both;
  }

  Result<SyntaxNode> parse_conditional();
  Result<SyntaxNode> parse_logical(std::size_t level);
  Result<SyntaxNode> parse_binary(std::size_t level);
  Result<SyntaxNode> parse_unary();
  Result<SyntaxNode> parse_member();
  Result<SyntaxNode> parse_primary();
  Result<SyntaxNode> parse_name();
  Result<SyntaxNode> parse_literal(Sign sign);
  Result<SyntaxNode> parse_field(SyntaxNode operand);
  Result<SyntaxNode> parse_index(SyntaxNode operand);
  Result<SyntaxNode> parse_list();
  Result<SyntaxNode> parse_map();
  Result<void> parse_arguments(SyntaxNode& call);
  Result<SyntaxNode> resolved(const Token& name, SyntaxNode call) const;

  const ExpressionLimits& limits_;
  std::size_t nesting_ = 0;
};

Result<SyntaxNode> Parser::parse_conditional() {
  if (++nesting_ > limits_.nesting) {
    return wrong(
        next().position,
        fmt::format("more than {} brackets or conditions lie in each other", limits_.nesting));
  }
  SyntaxNode condition = TRY(parse_logical(0));
  const Token token = next();
  if (takes("?")) {
    std::vector<SyntaxNode> parts = pair(std::move(condition), TRY(parse_logical(0)));
    TRY(expect(":"));
    parts.push_back(TRY(parse_conditional()));
    condition = TRY(operation(Function::conditional, token, std::move(parts)));
  }
  --nesting_;
  return condition;
}

// Level 0 is "||", level 1 "&&". A row of operands is one call, as in cel-go's balanced trees.
Result<SyntaxNode> Parser::parse_logical(std::size_t level) {
  const std::string_view symbol = level == 0 ? "||" : "&&";
  const auto parse_operand = [&] { return level == 0 ? parse_logical(1) : parse_binary(0); };
  SyntaxNode first = TRY(parse_operand());
  const Token token = next();
  if (!token.is_symbol(symbol)) return first;
  std::vector<SyntaxNode> operands;
  operands.push_back(std::move(first));
  while (takes(symbol)) operands.push_back(TRY(parse_operand()));
  return operation(level == 0 ? Function::logical_or : Function::logical_and, token,
                   std::move(operands));
}

Result<SyntaxNode> Parser::parse_binary(std::size_t level) {
  if (level == levels.size()) return parse_unary();
  SyntaxNode left = TRY(parse_binary(level + 1));
  while (true) {
    const Token token = next();
    const auto found = std::ranges::find_if(
        levels.at(level), [&](const BinaryOperator& row) { return token.is_symbol(row.symbol); });
    if (found == levels.at(level).end()) return left;
    take();
    SyntaxNode right = TRY(parse_binary(level + 1));
    left = TRY(operation(found->function, token, pair(std::move(left), std::move(right))));
  }
}

// Signs and negations in a row cancel each other in pairs. A minus directly before a number is the
// number's, which is how the lowest integer is written.
Result<SyntaxNode> Parser::parse_unary() {
  const Token token = next();
  const bool is_minus = token.is_symbol("-");
  if (!is_minus && !token.is_symbol("!")) return parse_member();
  std::size_t count = 0;
  for (; next(count).is_symbol(token.text); ++count) {
  }
  const TokenKind behind = next(count).kind;
  const bool is_number = behind == TokenKind::integer || behind == TokenKind::real;
  if (is_minus && count == 1 && is_number) return parse_member();
  skip(count);
  SyntaxNode operand = TRY(parse_member());
  if (count % 2 == 0) return operand;
  std::vector<SyntaxNode> operands;
  operands.push_back(std::move(operand));
  return operation(is_minus ? Function::negate : Function::logical_not, token, std::move(operands));
}

Result<SyntaxNode> Parser::parse_member() {
  SyntaxNode operand = TRY(parse_primary());
  while (true) {
    if (takes(".")) {
      operand = TRY(parse_field(std::move(operand)));
    } else if (next().is_symbol("[")) {
      operand = TRY(parse_index(std::move(operand)));
    } else {
      return operand;
    }
  }
}

Result<SyntaxNode> Parser::parse_field(SyntaxNode operand) {
  const bool is_optional = takes("?");
  if (next().kind != TokenKind::identifier) return unexpected("the name of a field");
  const Token name = take();
  SyntaxNode made{
      .kind = NodeKind::select, .position = name.position, .name = std::string(name.text)};
  made.children.push_back(std::move(operand));
  if (is_optional) {
    made.kind = NodeKind::call;
    made.function = Function::opt_select;
    return node(std::move(made));
  }
  if (!takes("(")) return node(std::move(made));
  made.kind = NodeKind::call;
  made.style = CallStyle::member;
  TRY(parse_arguments(made));
  return resolved(name, std::move(made));
}

Result<SyntaxNode> Parser::parse_index(SyntaxNode operand) {
  const Token token = take();
  const bool is_optional = takes("?");
  SyntaxNode position = TRY(parse_conditional());
  TRY(expect("]"));
  return operation(is_optional ? Function::opt_index : Function::index, token,
                   pair(std::move(operand), std::move(position)));
}

Result<SyntaxNode> Parser::parse_primary() {
  const Token token = next();
  if (takes("(")) {
    SyntaxNode inner = TRY(parse_conditional());
    TRY(expect(")"));
    return inner;
  }
  if (token.is_symbol("[")) return parse_list();
  if (token.is_symbol("{")) return parse_map();
  if (takes("-")) return parse_literal(Sign::minus);
  const bool has_dot = takes(".");
  if (next().kind == TokenKind::identifier) return parse_name();
  if (has_dot) return unexpected("a name");
  return parse_literal(Sign::plus);
}

Result<SyntaxNode> Parser::parse_literal(Sign sign) {
  const bool is_number = next().kind == TokenKind::integer || next().kind == TokenKind::real;
  if (next().kind == TokenKind::end || next().kind == TokenKind::symbol ||
      (sign == Sign::minus && !is_number)) {
    return unexpected("a value");
  }
  const Token token = take();
  auto value = read_literal(token, sign);
  if (!value) return wrong(token.position, value.error().message);
  return SyntaxNode{.position = token.position, .value = std::move(*value)};
}

Result<SyntaxNode> Parser::parse_name() {
  const Token name = take();
  if (std::ranges::find(reserved_words, name.text) != reserved_words.end()) {
    return wrong(name.position, fmt::format("\"{}\" is a reserved word", name.text));
  }
  // A message is a row of names and a brace.
  std::size_t ahead = 0;
  while (next(ahead).is_symbol(".") && next(ahead + 1).kind == TokenKind::identifier) ahead += 2;
  if (next(ahead).is_symbol("{")) return wrong(name.position, "messages are not supported");
  SyntaxNode made{
      .kind = NodeKind::identifier, .position = name.position, .name = std::string(name.text)};
  if (!takes("(")) return made;
  made.kind = NodeKind::call;
  TRY(parse_arguments(made));
  return resolved(name, std::move(made));
}

// Behind the opening bracket.
Result<void> Parser::parse_arguments(SyntaxNode& call) {
  if (takes(")")) return {};
  do {
    call.children.push_back(TRY(parse_conditional()));
  } while (takes(","));
  return expect(")");
}

// What is called: a macro, a function with a name of several parts, or one of one part.
Result<SyntaxNode> Parser::resolved(const Token& name, SyntaxNode call) const {
  auto macro = expand_macro(name.text, call);
  if (!macro) return wrong(name.position, macro.error().message);
  if (*macro) return node(std::move(**macro));
  std::optional<Function> function;
  if (call.style == CallStyle::member) {
    const auto prefix = qualified_name(call.children.front());
    if (prefix) function = function_named(fmt::format("{}.{}", *prefix, name.text));
    if (function) {
      call.style = CallStyle::global;
      call.children.erase(call.children.begin());
    }
  }
  if (!function) function = function_named(name.text);
  if (!function) {
    return wrong(name.position, fmt::format("there is no function \"{}\"", name.text));
  }
  if (!takes_arguments(*function, call.children.size())) {
    const std::size_t given = call.children.size() - (call.style == CallStyle::member ? 1 : 0);
    return wrong(name.position, fmt::format("\"{}\" does not take {} arguments", name.text, given));
  }
  call.function = *function;
  call.name.clear();
  return node(std::move(call));
}

Result<SyntaxNode> Parser::parse_list() {
  SyntaxNode list{.kind = NodeKind::list, .position = take().position};
  if (next().is_symbol(",") && next(1).is_symbol("]")) take();
  while (!takes("]")) {
    const bool is_optional = takes("?");
    list.optionals.push_back(is_optional);
    list.children.push_back(TRY(parse_conditional()));
    if (!takes(",")) {
      TRY(expect("]"));
      break;
    }
  }
  return node(std::move(list));
}

Result<SyntaxNode> Parser::parse_map() {
  SyntaxNode map{.kind = NodeKind::map, .position = take().position};
  if (next().is_symbol(",") && next(1).is_symbol("}")) take();
  while (!takes("}")) {
    const bool is_optional = takes("?");
    map.optionals.push_back(is_optional);
    map.children.push_back(TRY(parse_conditional()));
    TRY(expect(":"));
    map.children.push_back(TRY(parse_conditional()));
    if (!takes(",")) {
      TRY(expect("}"));
      break;
    }
  }
  return node(std::move(map));
}

}  // namespace

Result<SyntaxNode> parse_expression(std::string_view text, const ExpressionLimits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::invalid,
                fmt::format("the expression has {} bytes, more than the {} that are allowed",
                            text.size(), limits.bytes));
  }
  return Parser(text, TRY(read_tokens(text)), limits).parse();
}

}  // namespace primocane
