// SPDX-License-Identifier: Apache-2.0
// Whatever a selector holds, it is compiled or refused; a plain pattern finds what the regular
// expression finds; and a label selector that is written anew reads as the same.
#include "base/take_until.hpp"
#include "document/label_selector.hpp"
#include "document/regular_expression.hpp"
#include "document/utf8.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

void compile(std::string_view pattern, std::string_view text) {
  // What readers give us is UTF-8.
  if (!is_utf8(pattern) || !is_utf8(text)) return;
  const auto compiled = TextPattern::make(std::string(pattern));
  if (!compiled) {
    require(compiled.error().kind == ErrorKind::invalid);
    require(!is_plain_pattern(pattern));
    return;
  }
  const bool matches = compiled->matches(text);
  if (!is_plain_pattern(pattern) || pattern.empty()) return;
  const auto expression = RegularExpression::compile("^(?:" + std::string(pattern) + ")$");
  require(expression.has_value() && expression->is_found_in(text) == matches);
}

std::string written(const LabelRequirement& requirement) {
  switch (requirement.operation) {
    case LabelOperator::exists:
      return requirement.key;
    case LabelOperator::missing:
      return "!" + requirement.key;
    case LabelOperator::greater:
      return requirement.key + ">" + requirement.values.at(0);
    case LabelOperator::less:
      return requirement.key + "<" + requirement.values.at(0);
    case LabelOperator::in:
    case LabelOperator::not_in:
      break;
  }
  std::string text =
      requirement.key + (requirement.operation == LabelOperator::in ? " in (" : " notin (");
  // Nothing between the last comma and the bracket is a value, too.
  bool is_first = true;
  for (const std::string& value : requirement.values) {
    text += (std::exchange(is_first, false) ? "" : ",") + value;
  }
  return text + ")";
}

void parse(std::string_view text) {
  auto selector = parse_label_selector(text);
  if (!selector) {
    require(selector.error().kind == ErrorKind::invalid && !selector.error().message.empty());
    return;
  }
  std::string again;
  for (const LabelRequirement& requirement : selector->requirements) {
    if (!again.empty()) again += " , ";
    again += written(requirement);
  }
  auto reread = parse_label_selector(again);
  require(reread.has_value() && reread->requirements.size() == selector->requirements.size());
  const Value labels = Object{{"a", "b"}, {"in", "1"}};
  for (std::size_t index = 0; index < reread->requirements.size(); ++index) {
    const LabelRequirement& requirement = selector->requirements[index];
    require(reread->requirements[index].key == requirement.key);
    require(reread->requirements[index].operation == requirement.operation);
  }
  require(matches_labels(*reread, &labels) == matches_labels(*selector, &labels));
  require(matches_labels(*reread, nullptr) == matches_labels(*selector, nullptr));
}

}  // namespace

// The name is libFuzzer's. The input is a pattern, a text for it, and a label selector.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view pattern = take_until(text, '\n');
  const std::string_view subject = take_until(text, '\n');
  compile(pattern, subject);
  parse(text);
  return 0;
}
