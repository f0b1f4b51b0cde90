// SPDX-License-Identifier: Apache-2.0
#include "render/copied_value.hpp"

#include "document/written_scalar.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace primocane {

namespace {

bool is_scalar(const Value& value) { return !value.is_array() && !value.is_object(); }

// strings.Split; the delimiter is not empty.
std::vector<std::string_view> split(std::string_view text, std::string_view delimiter) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(delimiter); end != std::string_view::npos;
       end = text.find(delimiter)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + delimiter.size());
  }
  parts.push_back(text);
  return parts;
}

Result<std::string> known_text(const Value& value) {
  if (auto text = written_text(value)) return *std::move(text);
  return fail(ErrorKind::invalid,
              "a number or date with an unusual spelling can't be copied: write it in quotes");
}

Result<Value> scalar_like(const Value& scalar, std::string_view text) {
  Value changed = scalar;
  TRY(set_scalar_text(changed, text));
  return changed;
}

// `text` with `part` in it at the place that the options name.
std::string with_part(std::string_view text, std::string_view part, const FieldOptions& options) {
  std::vector<std::string_view> parts = split(text, options.delimiter);
  const auto count = static_cast<std::int64_t>(parts.size());
  if (options.index < 0) {
    parts.insert(parts.begin(), part);
  } else if (options.index >= count) {
    parts.push_back(part);
  } else {
    parts[static_cast<std::size_t>(options.index)] = part;
  }
  return fmt::format("{}", fmt::join(parts, options.delimiter));
}

std::unexpected<Error> no_text_to_cut(const Value& value) {
  return fail(ErrorKind::invalid,
              fmt::format("options.delimiter is for scalars, not for {}", to_string(value.kind())));
}

}  // namespace

CopiedValue::CopiedValue(std::string_view text)
    : text_(std::string(text)), value_(untagged_scalar(text)) {}

CopiedValue::CopiedValue(Result<std::string> text, Result<Value> value)
    : text_(std::move(text)), value_(std::move(value)) {}

Result<CopiedValue> CopiedValue::make(const Value& value, const FieldOptions& options) {
  if (options.delimiter.empty()) return CopiedValue(known_text(value), value);
  if (!is_scalar(value)) return no_text_to_cut(value);
  const std::string text = TRY(known_text(value));
  const std::vector<std::string_view> parts = split(text, options.delimiter);
  if (options.index < 0 || options.index >= static_cast<std::int64_t>(parts.size())) {
    return fail(ErrorKind::invalid,
                fmt::format("options.index {} is out of bounds: the text has {} parts",
                            options.index, parts.size()));
  }
  const std::string part(parts[static_cast<std::size_t>(options.index)]);
  return CopiedValue(part, scalar_like(value, part));
}

MadeLeaf CopiedValue::leaf() const {
  if (value_ && value_->is_array()) return MadeLeaf::list;
  return value_ && value_->is_object() ? MadeLeaf::mapping : MadeLeaf::scalar;
}

Result<void> put_value(Value& target, const CopiedValue& copied, const FieldOptions& options) {
  if (!options.delimiter.empty()) {
    if (!is_scalar(target)) return no_text_to_cut(target);
    const std::string text = TRY(known_text(target));
    return set_scalar_text(target, with_part(text, TRY(copied.text()), options));
  }
  if (is_scalar(target)) return set_scalar_text(target, TRY(copied.text()));
  const ScalarForm key_form = target.spelling().key_form();
  target = TRY(copied.value());
  Spelling spelling = target.spelling();
  spelling.set_forms(spelling.form(), key_form);
  target.set_spelling(spelling);
  return {};
}

}  // namespace primocane
