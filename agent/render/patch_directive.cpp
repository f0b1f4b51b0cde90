// SPDX-License-Identifier: Apache-2.0
#include "render/patch_directive.hpp"

#include "render/patch_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace primocane {

namespace {

constexpr std::string_view directive_key = "$patch";

Result<PatchDirective> directive_called(std::string_view word) {
  if (word == "merge") return PatchDirective::merge;
  if (word == "replace") return PatchDirective::replace;
  if (word == "delete") return PatchDirective::remove;
  return fail_here(
      fmt::format("$patch must be \"delete\", \"merge\" or \"replace\", not \"{}\"", word));
}

Result<PatchDirective> take_from_map(Object& members) {
  const Value* value = members.find(directive_key);
  if (value == nullptr) return PatchDirective::merge;
  const PatchDirective directive = TRY(directive_called(node_text(*value)));
  members.erase(directive_key);
  return directive;
}

Result<PatchDirective> take_from_list(Array& elements) {
  const auto has_key = [](const Value& element) { return element.find(directive_key) != nullptr; };
  const auto found = std::ranges::find_if(elements, has_key);
  if (found == elements.end() || found->as_object()->size() > 1) return PatchDirective::merge;
  const std::string word(node_text(*found->find(directive_key)));
  const PatchDirective directive = TRY(directive_called(word));
  std::erase_if(elements, [&](const Value& element) {
    if (is_missing_or_null(&element)) return true;
    const Object* members = element.as_object();
    if (members == nullptr) return false;
    const Value* value = members->find(directive_key);
    return members->empty() || (value != nullptr && node_text(*value) == word);
  });
  return directive;
}

}  // namespace

Result<PatchDirective> take_directive(Value& patch) {
  if (Object* members = patch.as_object()) return take_from_map(*members);
  if (Array* elements = patch.as_array()) return take_from_list(*elements);
  return PatchDirective::merge;
}

}  // namespace primocane
