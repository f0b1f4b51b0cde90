// SPDX-License-Identifier: Apache-2.0
#include "expression/type_checker.hpp"

#include "expression/functions.hpp"
#include "expression/text_format.hpp"
#include "expression/type_terms.hpp"

#include <fmt/format.h>

#include <optional>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

class TypeChecker {
 public:
  explicit TypeChecker(std::string_view text) : text_(text) {
    const TypeId any = types_.basic(CelKind::any);
    const TypeId object = types_.compound(CelKind::map, types_.basic(CelKind::text), any);
    scopes_.emplace_back("self", object);
    scopes_.emplace_back("dep", object);
  }

  Result<void> check_condition(const SyntaxNode& root) {
    const TypeId type = TRY(check(root));
    for (const Beside& pair : beside_) {
      if (types_.is_same(types_.settled(pair.first), types_.settled(pair.type))) continue;
      return wrong(*pair.node, fmt::format("a value of type {} stands beside one of type {}",
                                           types_.text(pair.type), types_.text(pair.first)));
    }
    const TypeTerm& term = types_.term(types_.settled(type));
    if (types_.is_exhausted()) return wrong(root, "the types of the expression cost too much");
    if (term.kind == CelKind::boolean) return {};
    return wrong(root, fmt::format("the result must be known to be true or false, and is of type "
                                   "{}: compare it, as in \"... == true\"",
                                   types_.text(type)));
  }

 private:
  // Two items of a list, or keys or values of a mapping: in the end they must be of one type
  // (cel/validator.go homogeneousAggregateLiteralValidator).
  struct Beside {
    const SyntaxNode* node;
    TypeId first;
    TypeId type;
  };
  // What the members of a list or mapping have in common, and the type of the first.
  struct Members {
    std::optional<TypeId> first{};
    TypeId joint = 0;
  };

  Result<TypeId> check(const SyntaxNode& node);
  Result<TypeId> check_identifier(const SyntaxNode& node);
  Result<TypeId> check_field(const SyntaxNode& node);
  Result<TypeId> check_call(const SyntaxNode& node);
  Result<TypeId> check_list(const SyntaxNode& node);
  Result<TypeId> check_map(const SyntaxNode& node);
  Result<TypeId> check_macro(const SyntaxNode& node);
  Result<TypeId> check_opt_map(const SyntaxNode& node, TypeId target);
  Result<TypeId> range_variable(const SyntaxNode& range, TypeId type);
  Result<void> check_format(const SyntaxNode& node);
  Result<TypeId> called(const SyntaxNode& node, Function function, CallStyle style,
                        const std::vector<TypeId>& arguments);
  void join(const SyntaxNode& node, Members& members, TypeId type);

  std::unexpected<Error> wrong(const SyntaxNode& node, std::string_view what) const {
    return fail(ErrorKind::invalid, fmt::format("{}: {}", place_of(text_, node.position), what));
  }
  TypeId optional_of(TypeId type) { return types_.compound(CelKind::optional, type); }
  // What an item behind a "?" is worth.
  Result<TypeId> unwrapped(const SyntaxNode& node, TypeId type) {
    const TypeTerm term = types_.term(types_.resolved(type));
    if (!term.is_variable && term.kind == CelKind::optional) return term.first;
    if (!term.is_variable && term.kind == CelKind::any) return type;
    return wrong(node, fmt::format("a \"?\" needs an optional, not {}", types_.text(type)));
  }
  Result<void> expect_condition(const SyntaxNode& node, TypeId type) {
    if (types_.assign(type, types_.basic(CelKind::boolean))) return {};
    return wrong(node, fmt::format("a condition must be a bool, not {}", types_.text(type)));
  }
  Result<TypeId> check_with(const SyntaxNode& macro, std::size_t child, TypeId variable) {
    scopes_.emplace_back(macro.name, variable);
    auto type = check(macro.children[child]);
    scopes_.pop_back();
    return type;
  }

  std::string_view text_;
  TypeTerms types_;
  std::vector<std::pair<std::string_view, TypeId>> scopes_;  // the innermost last
  std::vector<TypeId> item_types_;                           // of the list that was checked last
  std::vector<Beside> beside_;
  std::size_t formats_ = 0;  // around what is being checked; in them types may differ
};

Result<TypeId> TypeChecker::check(const SyntaxNode& node) {
  if (types_.is_exhausted()) return wrong(node, "the types of the expression cost too much");
  switch (node.kind) {
    case NodeKind::literal:
      return types_.basic(node.value.kind());
    case NodeKind::identifier:
      return check_identifier(node);
    case NodeKind::select:
      return check_field(node);
    case NodeKind::presence:
      TRY(check_field(node));
      return types_.basic(CelKind::boolean);
    case NodeKind::call:
      return check_call(node);
    case NodeKind::list:
      return check_list(node);
    case NodeKind::map:
      return check_map(node);
    case NodeKind::macro:
      break;
  }
  return check_macro(node);
}

Result<TypeId> TypeChecker::check_identifier(const SyntaxNode& node) {
  for (const auto& [name, type] : std::views::reverse(scopes_)) {
    if (name == node.name) return type;
  }
  if (const auto kind = cel_kind_named(node.name)) {
    return types_.compound(CelKind::type, types_.basic(*kind));
  }
  return wrong(node, fmt::format("there is no \"{}\": the variables are self and dep", node.name));
}

Result<TypeId> TypeChecker::check_field(const SyntaxNode& node) {
  const auto name = node.kind == NodeKind::select ? qualified_name(node) : std::nullopt;
  if (const auto kind = name ? cel_kind_named(*name) : std::nullopt) {
    return types_.compound(CelKind::type, types_.basic(*kind));
  }
  const TypeId any = types_.basic(CelKind::any);
  TypeId operand = types_.resolved(TRY(check(node.children.front())));
  TypeTerm term = types_.term(operand);
  const bool is_optional = !term.is_variable && term.kind == CelKind::optional;
  if (is_optional) {
    operand = types_.resolved(term.first);
    term = types_.term(operand);
  }
  TypeId result = any;
  if (term.is_variable) {
    // Nothing is known of it, and nothing shall be concluded from other uses.
    if (!types_.assign(any, operand)) return any;
  } else if (term.kind == CelKind::map) {
    result = term.second;
  } else if (term.kind != CelKind::any) {
    return wrong(node, fmt::format("a value of type {} has no field \"{}\"", types_.text(operand),
                                   node.name));
  }
  const bool asks = node.kind == NodeKind::call;  // ".?"
  return types_.resolved(is_optional || asks ? optional_of(result) : result);
}

Result<TypeId> TypeChecker::check_call(const SyntaxNode& node) {
  if (node.function == Function::opt_select) return check_field(node);
  if (node.function == Function::format) ++formats_;
  std::vector<TypeId> arguments;
  arguments.reserve(node.children.size());
  for (const SyntaxNode& child : node.children) arguments.push_back(TRY(check(child)));
  if (node.function == Function::format) --formats_;
  if (node.function == Function::logical_and || node.function == Function::logical_or) {
    for (std::size_t index = 0; index < arguments.size(); ++index) {
      TRY(expect_condition(node.children[index], arguments[index]));
    }
    return types_.basic(CelKind::boolean);
  }
  if (node.function == Function::format) TRY(check_format(node));
  return called(node, node.function, node.style, arguments);
}

// All ways to call it that fit are looked at: where they differ in what they give, that is open.
Result<TypeId> TypeChecker::called(const SyntaxNode& node, Function function, CallStyle style,
                                   const std::vector<TypeId>& arguments) {
  std::optional<TypeId> result;
  for (const Overload& overload : overloads_of(function)) {
    if (overload.style != style) continue;
    const std::array<TypeId, 2> parameters = {types_.variable(), types_.variable()};
    std::vector<TypeId> expected;
    std::string_view signature = overload.signature;
    while (!signature.starts_with(':')) {
      expected.push_back(types_.named(take_type(signature), parameters));
    }
    if (!types_.assign(arguments, expected)) continue;
    const TypeId given = types_.resolved(types_.named(signature.substr(1), parameters));
    if (!result) {
      result = given;
    } else if (!types_.is_same(*result, given)) {
      result = types_.basic(CelKind::any);
    }
  }
  if (result) return *result;
  std::string kinds;
  for (const TypeId type : arguments) {
    kinds += (kinds.empty() ? "" : ", ") + types_.text(type);
  }
  return wrong(node, fmt::format("there is no {} for ({})", to_string(function), kinds));
}

void TypeChecker::join(const SyntaxNode& node, Members& members, TypeId type) {
  if (!members.first) {
    members = {.first = type, .joint = type};
    return;
  }
  if (formats_ == 0) beside_.push_back({.node = &node, .first = *members.first, .type = type});
  members.joint = types_.assign(members.joint, type) ? types_.more_general(members.joint, type)
                                                     : types_.basic(CelKind::any);
}

Result<TypeId> TypeChecker::check_list(const SyntaxNode& node) {
  Members members;
  std::vector<TypeId> items;
  for (std::size_t index = 0; index < node.children.size(); ++index) {
    const SyntaxNode& child = node.children[index];
    TypeId type = TRY(check(child));
    if (node.optionals[index]) type = TRY(unwrapped(child, type));
    items.push_back(type);
    join(child, members, type);
  }
  item_types_ = std::move(items);
  return types_.compound(CelKind::list, members.first ? members.joint : types_.variable());
}

Result<TypeId> TypeChecker::check_map(const SyntaxNode& node) {
  Members keys;
  Members values;
  for (std::size_t index = 0; index < node.children.size(); index += 2) {
    const SyntaxNode& key = node.children[index];
    const SyntaxNode& value = node.children[index + 1];
    join(key, keys, TRY(check(key)));
    TypeId type = TRY(check(value));
    if (node.optionals[index / 2]) type = TRY(unwrapped(value, type));
    join(value, values, type);
  }
  if (keys.first) return types_.compound(CelKind::map, keys.joint, values.joint);
  const TypeId free_key = types_.variable();
  return types_.compound(CelKind::map, free_key, types_.variable());
}

Result<TypeId> TypeChecker::range_variable(const SyntaxNode& range, TypeId type) {
  const TypeId resolved = types_.resolved(type);
  const TypeTerm term = types_.term(resolved);
  const TypeId any = types_.basic(CelKind::any);
  if (term.is_variable) {
    // As in check_field; it is dyn whether or not that could be noted.
    static_cast<void>(types_.assign(any, resolved));
    return any;
  }
  if (term.kind == CelKind::list || term.kind == CelKind::map) return term.first;
  if (term.kind == CelKind::any) return any;
  return wrong(range,
               fmt::format("a list or a mapping must be gone through, not {}", types_.text(type)));
}

Result<TypeId> TypeChecker::check_macro(const SyntaxNode& node) {
  const TypeId range = TRY(check(node.children.front()));
  if (node.macro == Macro::opt_map || node.macro == Macro::opt_flat_map) {
    return check_opt_map(node, range);
  }
  const TypeId variable = TRY(range_variable(node.children.front(), range));
  if (node.macro == Macro::map) {
    return types_.compound(CelKind::list, types_.resolved(TRY(check_with(node, 1, variable))));
  }
  const TypeId condition = TRY(check_with(node, 1, variable));
  TRY(expect_condition(node.children[1], condition));
  if (node.macro == Macro::filter) {
    return types_.compound(CelKind::list, types_.resolved(variable));
  }
  if (node.macro == Macro::map_filter) {
    return types_.compound(CelKind::list, types_.resolved(TRY(check_with(node, 2, variable))));
  }
  return types_.basic(CelKind::boolean);
}

// optMap(x, e) is "t.hasValue() ? optional.of(e) : optional.none()", with x for t.value().
Result<TypeId> TypeChecker::check_opt_map(const SyntaxNode& node, TypeId target) {
  const SyntaxNode& range = node.children.front();
  TRY(called(range, Function::has_value, CallStyle::member, {target}));
  const TypeId variable = TRY(called(range, Function::value, CallStyle::member, {target}));
  TypeId made = TRY(check_with(node, 1, variable));
  if (node.macro == Macro::opt_map) {
    made = TRY(called(node, Function::optional_of, CallStyle::global, {made}));
  }
  const TypeId none = TRY(called(node, Function::optional_none, CallStyle::global, {}));
  return called(node, Function::conditional, CallStyle::global,
                {types_.basic(CelKind::boolean), made, none});
}

// A format and its arguments that are written out are checked against each other
// (ext/formatting_v2.go stringFormatValidatorV2).
Result<void> TypeChecker::check_format(const SyntaxNode& node) {
  const SyntaxNode& text = node.children[0];
  const SyntaxNode& list = node.children[1];
  const bool is_known =
      text.kind == NodeKind::literal && text.value.is(CelKind::text) && list.kind == NodeKind::list;
  if (!is_known) return {};
  const auto parts = parse_format(text.value.view());
  if (!parts) return wrong(text, parts.error().message);
  std::size_t used = 0;
  for (const FormatPart& part : *parts) {
    if (!part.clause) continue;
    if (used == item_types_.size()) return wrong(node, "a clause of the format has no argument");
    const TypeTerm term = types_.term(types_.resolved(item_types_[used]));
    const bool is_open = term.is_variable || term.kind == CelKind::any;
    if (!is_open && !takes_kind(*part.clause, term.kind)) {
      return wrong(list.children[used], fmt::format("the clause %{} does not take {}",
                                                    part.clause->letter, to_string(term.kind)));
    }
    ++used;
  }
  if (used < item_types_.size()) return wrong(node, "the format has fewer clauses than arguments");
  return {};
}

}  // namespace

Result<void> check_types(const SyntaxNode& root, std::string_view text) {
  return TypeChecker(text).check_condition(root);
}

}  // namespace primocane
