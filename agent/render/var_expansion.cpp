// SPDX-License-Identifier: Apache-2.0
#include "render/var_expansion.hpp"

#include "document/go_number.hpp"
#include "document/written_scalar.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace primocane {

namespace {

// A value inside a text (fmt's %v).
std::string text_of(const Value& value) {
  const Number* number = value.as_number();
  if (number == nullptr || scalar_type(value) != ScalarType::real) {
    return std::string(value.scalar_text());
  }
  const auto real = go_float(number->text);
  return real ? go_general_float(*real) : number->text;
}

}  // namespace

Result<Value> expand_vars(std::string_view text, const VarLookup& lookup, std::size_t size_max) {
  const std::string_view whole = text;
  std::string expanded;
  const std::size_t last_end = whole.rfind(')');
  for (std::size_t dollar = text.find('$'); dollar != std::string_view::npos;
       dollar = text.find('$')) {
    expanded += text.substr(0, dollar);
    text.remove_prefix(dollar);
    const std::size_t begin = whole.size() - text.size();
    const bool is_closed = last_end != std::string_view::npos && begin < last_end;
    const std::size_t end =
        is_closed && text.starts_with("$(") ? text.find(')') : std::string_view::npos;
    if (end == std::string_view::npos) {
      // "$$" is one dollar; a dollar that begins nothing stays, with what follows it.
      expanded += text.starts_with("$$") ? text.substr(0, 1) : text.substr(0, 2);
      text.remove_prefix(text.size() > 1 ? 2 : 1);
      continue;
    }
    const std::string_view reference = text.substr(0, end + 1);
    const Value* value = lookup(reference.substr(2, end - 2));
    if (value != nullptr && reference == whole) return *value;
    expanded += value == nullptr ? std::string(reference) : text_of(*value);
    text.remove_prefix(reference.size());
    if (expanded.size() > size_max) {
      return fail(ErrorKind::invalid, "the values of vars make the text too long");
    }
  }
  return Value(std::move(expanded.append(text)));
}

}  // namespace primocane
