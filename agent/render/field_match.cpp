// SPDX-License-Identifier: Apache-2.0
#include "render/field_match.hpp"

#include "base/trimmed.hpp"
#include "document/letters.hpp"
#include "document/plain_scalar.hpp"
#include "document/written_scalar.hpp"
#include "document/yaml_writer.hpp"
#include "render/field_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Words and numbers with colons that only YAML 1.1 takes for something else than strings.
bool is_old_word(std::string_view text) {
  const bool is_plain_word = std::ranges::all_of(text, [](char letter) {
    return is_letter_or_digit(letter) || letter == ':' || letter == '.';
  });
  if (!is_plain_word || text.empty() || text.ends_with(':')) return false;
  const auto scalar = type_plain_scalar(text);
  return scalar && scalar->type == ScalarType::string;
}

std::unexpected<Error> no_element(std::string_view text) {
  return fail(ErrorKind::invalid, fmt::format("\"{}\" must be [key=value] or [=value]", text));
}

std::unexpected<Error> wrong_kind(const Value& value, std::string_view step,
                                  std::string_view expected) {
  return fail(ErrorKind::invalid,
              fmt::format("\"{}\" needs {}, not {}", step, expected, to_string(value.kind())));
}

// The items of a list; those of null are none.
Result<std::span<Value>> items_of(Value& value, std::string_view step) {
  if (value.is_null()) return std::span<Value>();
  if (Array* items = value.as_array()) return std::span(*items);
  return wrong_kind(value, step, "a list");
}

Result<Value*> member_of(Value& value, std::string_view name) {
  if (value.is_null()) return nullptr;
  Object* members = value.as_object();
  if (members == nullptr) return wrong_kind(value, name, "a mapping");
  if (name.empty()) return fail(ErrorKind::invalid, "a step between two dots is empty");
  return members->find(name);
}

Result<Value*> element_of(Value& value, std::string_view step) {
  const std::optional<ElementStep> wanted = element_step(step);
  if (!wanted) return no_element(step);
  for (Value& item : TRY(items_of(value, step))) {
    const Value* known = wanted->key.empty() ? &item : item.find(wanted->key);
    if (known != nullptr && written_text(*known) == wanted->value) return &item;
  }
  return nullptr;
}

Result<Value*> look_up_step(Value& value, std::string_view step) {
  if (const auto number = go_atoi(step)) {
    if (*number < 0) {
      return fail(ErrorKind::invalid, fmt::format("the index {} is negative", *number));
    }
    const std::span<Value> items = TRY(items_of(value, step));
    const auto index = static_cast<std::size_t>(*number);
    return index < items.size() ? &items[index] : nullptr;
  }
  if (step == "-") {
    const std::span<Value> items = TRY(items_of(value, step));
    return items.empty() ? nullptr : &items.back();
  }
  if (step == "*") return fail(ErrorKind::invalid, "\"*\" is not possible here");
  if (is_element(step)) return element_of(value, step);
  return member_of(value, step);
}

// A key that is made has no type either.
Result<void> check_made_key(std::string_view key) {
  const auto scalar = type_plain_scalar(key);
  if (scalar && scalar->type == ScalarType::string) return {};
  return fail(ErrorKind::invalid, fmt::format("\"{}\" can't be made: it reads as no string", key));
}

// Follows the steps of one path through one object.
class Matching {
 public:
  explicit Matching(const MatchRules& rules) : rules_(rules) {}

  Result<void> follow(Value& value, std::span<const FieldStep> steps) {
    if (steps.empty()) {
      found_.push_back(&value);
      return {};
    }
    const FieldStep& step = steps.front();
    if (makes() && value.is_null()) {
      return fail(ErrorKind::invalid,
                  fmt::format("\"{}\" can't be made in null: leave the null out", step.text));
    }
    switch (step.kind) {
      case FieldStep::Kind::field:
        return follow_field(value, steps);
      case FieldStep::Kind::index:
        return follow_index(value, steps);
      case FieldStep::Kind::element:
        return follow_element(value, steps);
      case FieldStep::Kind::malformed:
        return no_element(step.text);
      case FieldStep::Kind::every:
        for (Value& item : TRY(items_of(value, step.text))) TRY(follow(item, steps.subspan(1)));
        return {};
    }
    return {};
  }

  std::vector<Value*> take_found() { return std::move(found_); }

 private:
  [[nodiscard]] bool makes() const { return rules_.made != MadeLeaf::nothing; }

  // What is made before the steps in `rest` (kyaml, getPathPartKind).
  [[nodiscard]] Result<Value> made_before(std::span<const FieldStep> rest) const {
    if (rest.empty() || rest.front().text.empty()) {
      switch (rules_.made) {
        case MadeLeaf::nothing:
        case MadeLeaf::scalar:
          return untagged_scalar("");
        case MadeLeaf::list:
          return Value(Array());
        case MadeLeaf::mapping:
          return Value(Object());
      }
    }
    const FieldStep& next = rest.front();
    const bool is_list = next.kind == FieldStep::Kind::index || is_element(next.text);
    return is_list ? Value(Array()) : Value(Object());
  }

  Result<void> follow_field(Value& value, std::span<const FieldStep> steps) {
    const std::string& name = steps.front().text;
    Value* member = TRY(member_of(value, name));
    if (member == nullptr) {
      if (!makes()) return {};
      TRY(check_made_key(name));
      value.as_object()->append(name, TRY(made_before(steps.subspan(1))));
      member = value.as_object()->find(name);
    }
    // kustomize follows texts, but in a copy of them. A null that is not written is no text.
    const bool is_text = !member->is_array() && !member->is_object() &&
                         (!member->is_null() || written_text(*member) == "");
    if (is_text && steps.size() > 1) {
      return wrong_kind(*member, steps[1].text, "a list or mapping");
    }
    return follow(*member, steps.subspan(1));
  }

  Result<void> follow_index(Value& value, std::span<const FieldStep> steps) {
    const std::size_t index = steps.front().index;
    std::size_t count = TRY(items_of(value, steps.front().text)).size();
    if (count == index && makes()) {
      value.as_array()->push_back(TRY(made_before(steps.subspan(1))));
      ++count;
    }
    if (index >= count) {
      return fail(ErrorKind::invalid,
                  fmt::format("index {} is beyond the end of a list of {}", index, count));
    }
    return follow((*value.as_array())[index], steps.subspan(1));
  }

  Result<void> follow_element(Value& value, std::span<const FieldStep> steps) {
    const FieldStep& step = steps.front();
    const std::size_t before = found_.size();
    TRY(follow_elements(value, steps));
    if (!makes() || found_.size() > before) return {};
    if (!step.pattern) return std::unexpected(step.pattern.error());
    Value element = TRY(untagged_scalar(step.pattern->text));
    if (!step.key.empty()) TRY(check_made_key(step.key));
    if (!step.key.empty()) element = Object{{step.key, std::move(element)}};
    value.as_array()->push_back(std::move(element));
    TRY(follow_elements(value, steps));
    if (found_.size() > before) return {};
    return fail(ErrorKind::invalid,
                fmt::format("no element can be made that \"{}\" finds", step.text));
  }

  Result<void> follow_elements(Value& value, std::span<const FieldStep> steps) {
    const FieldStep& step = steps.front();
    for (Value& item : TRY(items_of(value, step.text))) {
      if (!step.pattern) return std::unexpected(step.pattern.error());
      const FieldStep::Pattern& pattern = *step.pattern;
      if (step.key.empty()) {
        // The rest of the path is not looked at, as in kustomize.
        if (pattern.is_in(rules_.printed(item))) found_.push_back(&item);
        continue;
      }
      const Value* known = item.find(step.key);
      if (known == nullptr || !pattern.is_in(rules_.printed(*known))) continue;
      TRY(follow(item, steps.subspan(1)));
    }
    return {};
  }

  const MatchRules& rules_;
  std::vector<Value*> found_;
};

}  // namespace

Result<Value*> look_up(Value& root, std::span<const FieldStep> steps) {
  Value* found = &root;
  for (const FieldStep& step : steps) {
    const std::string_view text = trimmed(step.text);
    if (text.empty()) continue;
    found = TRY(look_up_step(*found, text));
    if (found == nullptr) return nullptr;
  }
  return found;
}

std::string printed_element(const Value& value) {
  const std::string* text = value.as_string();
  if (text == nullptr && !value.is_array() && !value.is_object()) {
    return text_as_written(value);
  }
  // Unlike the writer of whole objects, the one of nodes leaves words like "yes" without quotes.
  if (text != nullptr && is_old_word(*text)) return *text;
  return std::string(trimmed(write_yaml(value)));
}

Result<std::vector<Value*>> match_fields(Value& root, std::span<const FieldStep> steps,
                                         const MatchRules& rules) {
  if (steps.size() > path_steps_max) {
    return fail(ErrorKind::invalid,
                fmt::format("a path may have at most {} steps", path_steps_max));
  }
  Matching matching(rules);
  TRY(matching.follow(root, steps));
  return matching.take_found();
}

}  // namespace primocane
