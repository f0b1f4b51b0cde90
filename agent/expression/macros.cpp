// SPDX-License-Identifier: Apache-2.0
#include "expression/macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace primocane {

namespace {

struct MacroForm {
  std::string_view name;
  std::size_t arguments;  // with the range, and the variable
  Macro macro;
};

constexpr auto macro_forms = std::to_array<MacroForm>({
    {"all", 3, Macro::all},
    {"exists", 3, Macro::exists},
    {"exists_one", 3, Macro::exists_one},
    {"map", 3, Macro::map},
    {"map", 4, Macro::map_filter},
    {"filter", 3, Macro::filter},
    {"optMap", 3, Macro::opt_map},
    {"optFlatMap", 3, Macro::opt_flat_map},
});

Result<std::optional<SyntaxNode>> presence_of(const SyntaxNode& call) {
  const SyntaxNode& field = call.children.front();
  if (field.kind != NodeKind::select && field.kind != NodeKind::presence) {
    return fail(ErrorKind::invalid, "has() takes a field of something: has(status.conditions)");
  }
  SyntaxNode presence = field;
  presence.kind = NodeKind::presence;
  presence.position = call.position;
  return presence;
}

}  // namespace

Result<std::optional<SyntaxNode>> expand_macro(std::string_view name, const SyntaxNode& call) {
  if (call.style == CallStyle::global) {
    if (name != "has" || call.children.size() != 1) return std::nullopt;
    return presence_of(call);
  }
  const auto* const form = std::ranges::find_if(macro_forms, [&](const MacroForm& candidate) {
    return candidate.name == name && candidate.arguments == call.children.size();
  });
  if (form == macro_forms.end()) return std::nullopt;
  const SyntaxNode& variable = call.children[1];
  if (variable.kind != NodeKind::identifier || variable.name == "__result__") {
    return fail(ErrorKind::invalid, fmt::format("the first argument of {} must be a name for what "
                                                "is looked at, like x in {}(x, ...)",
                                                name, name));
  }
  SyntaxNode macro = call;
  macro.kind = NodeKind::macro;
  macro.macro = form->macro;
  macro.name = variable.name;
  macro.children.erase(macro.children.begin() + 1);
  return macro;
}

}  // namespace primocane
