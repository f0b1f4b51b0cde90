// SPDX-License-Identifier: Apache-2.0
#include "render/field_path.hpp"

#include "document/letters.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace primocane {

namespace {

// kyaml utils, PathSplitter with ".".
std::vector<std::string> split_at_dots(std::string_view path) {
  if (path.starts_with('.')) path.remove_prefix(1);
  std::vector<std::string> parts(1);
  for (const char letter : path) {
    std::string& part = parts.back();
    if (letter != '.') {
      part += letter;
    } else if (part.ends_with('\\')) {
      part.back() = '.';
    } else {
      parts.emplace_back();
    }
  }
  return parts;
}

// What a bracket with dots in it stands for: an element, or else the name of a field.
std::string bracketed_step(std::string text) {
  if (text.find('=') != std::string::npos) return text;
  const std::size_t start = std::min(text.find_first_not_of("[]"), text.size());
  return text.substr(start, text.find_last_not_of("[]") + 1 - start);
}

// kyaml utils, SmarterPathSplitter: joins again what was split inside brackets.
std::vector<std::string> split_steps(std::string_view path) {
  std::vector<std::string> steps;
  std::string open;  // a bracket that is not closed yet
  for (std::string& part : split_at_dots(path)) {
    if (!open.empty()) {
      open.append(".").append(part);
      if (open.ends_with(']')) steps.push_back(bracketed_step(std::exchange(open, {})));
    } else if (part.starts_with('[') && !part.ends_with(']')) {
      open = std::move(part);
    } else {
      steps.push_back(std::move(part));
    }
  }
  if (!open.empty()) steps.push_back(bracketed_step(std::move(open)));
  return steps;
}

// kyaml, convertSliceIndex: only the last index of "a[0][1]" is taken apart.
std::vector<std::string> split_indices(std::vector<std::string> steps) {
  std::vector<std::string> result;
  for (std::string& step : steps) {
    const std::size_t bracket = step.rfind('[');
    const bool has_index = step.ends_with(']') && bracket != std::string::npos &&
                           bracket + 2 < step.size() &&
                           std::all_of(step.begin() + static_cast<std::ptrdiff_t>(bracket) + 1,
                                       step.end() - 1, is_digit);
    if (!has_index) {
      result.push_back(std::move(step));
      continue;
    }
    if (bracket > 0) result.push_back(step.substr(0, bracket));
    result.push_back(step.substr(bracket + 1, step.size() - bracket - 2));
  }
  return result;
}

Result<FieldStep::Pattern> make_pattern(std::string_view text) {
  if (is_plain_pattern(text) && text.find('.') == std::string_view::npos) {
    return FieldStep::Pattern{.text = std::string(text), .expression = std::nullopt};
  }
  FieldStep::Pattern pattern{.text = std::string(text), .expression = std::nullopt};
  pattern.expression = TRY(RegularExpression::compile(text));
  return pattern;
}

FieldStep make_step(std::string text) {
  FieldStep step;
  const std::optional<std::int64_t> number = go_atoi(text);
  if (number && *number >= 0) {
    step.kind = FieldStep::Kind::index;
    step.index = static_cast<std::size_t>(*number);
  } else if (is_element(text)) {
    step.kind = FieldStep::Kind::element;
    if (const auto parts = element_step(text)) {
      step.key = parts->key;
      step.pattern = make_pattern(parts->value);
    } else {
      step.kind = FieldStep::Kind::malformed;
    }
  } else if (text == "*") {
    step.kind = FieldStep::Kind::every;
  }
  step.text = std::move(text);
  return step;
}

std::vector<FieldStep> make_steps(std::vector<std::string> texts) {
  std::vector<FieldStep> steps;
  steps.reserve(texts.size());
  for (std::string& text : texts) steps.push_back(make_step(std::move(text)));
  return steps;
}

}  // namespace

std::optional<std::int64_t> go_atoi(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ElementStep> element_step(std::string_view text) {
  if (!is_element(text)) return std::nullopt;
  text.remove_prefix(1);
  text.remove_suffix(1);
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  return ElementStep{.key = text.substr(0, equals), .value = text.substr(equals + 1)};
}

bool is_element(std::string_view text) { return text.starts_with('[') && text.ends_with(']'); }

bool FieldStep::Pattern::is_in(std::string_view element) const {
  if (expression) return expression->is_found_in(element);
  return element.find(text) != std::string_view::npos;
}

FieldPath FieldPath::parse(std::string_view text) {
  FieldPath path;
  path.text_ = text;
  path.steps_ = make_steps(split_steps(text));
  return path;
}

FieldPath FieldPath::parse_with_indices(std::string_view text) {
  FieldPath path;
  path.text_ = text;
  path.steps_ = make_steps(split_indices(split_steps(text)));
  return path;
}

}  // namespace primocane
