// SPDX-License-Identifier: Apache-2.0
#include "render/structured_text.hpp"

#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "render/field_match.hpp"

#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view name_in_messages = "the text";

Result<Value> parse_text(std::string_view text, const DocumentLimits& limits) {
  std::vector<Document> documents = TRY(read_yaml(text, name_in_messages, limits));
  if (documents.size() != 1) {
    return fail(ErrorKind::invalid, "the text must be one YAML document");
  }
  Value& value = documents.front().value;
  if (!value.is_array() && !value.is_object()) {
    return fail(ErrorKind::invalid, "the text must be a mapping or a list to have fields");
  }
  return std::move(value);
}

// Puts `copied` where `path` leads to in `root`.
Result<void> put_at(Value& root, std::span<const FieldStep> path, const CopiedValue& copied,
                    CreateField create) {
  const MatchRules rules{.made = create == CreateField::yes ? copied.leaf() : MadeLeaf::nothing,
                         .printed = printed_element};
  const std::vector<Value*> fields = TRY(match_fields(root, path, rules));
  if (fields.empty()) return fail(ErrorKind::invalid, "there is no such field in the text");
  for (Value* field : fields) TRY(put_value(*field, copied, {}));
  return {};
}

Result<std::string> replace_in_json(std::string_view text, std::span<const FieldStep> path,
                                    const CopiedValue& copied, CreateField create,
                                    const DocumentLimits& limits) {
  Value value = TRY(parse_text(text, limits));
  TRY(put_at(value, path, copied, create));
  const bool has_lines =
      text.find('\n') != std::string_view::npos && text.find("  ") != std::string_view::npos;
  return write_go_json(value, has_lines ? JsonLayout::lines : JsonLayout::compact);
}

}  // namespace

TextOnPath text_on_path(Value& root, std::span<const FieldStep> path) {
  Value* value = &root;
  for (std::size_t steps = 1; steps < path.size(); ++steps) {
    const Result<Value*> found = look_up(*value, path.subspan(steps - 1, 1));
    if (!found || *found == nullptr) return {};
    value = *found;
    if (!value->is_array() && !value->is_object()) return {.text = value, .steps = steps};
  }
  return {};
}

Result<std::string> replace_in_text(std::string_view text, std::span<const FieldStep> path,
                                    const CopiedValue& copied, CreateField create,
                                    const DocumentLimits& limits) {
  const std::size_t start = text.find_first_not_of(" \t\n\v\f\r");
  if (start != std::string_view::npos && (text[start] == '{' || text[start] == '[')) {
    return replace_in_json(text, path, copied, create, limits);
  }
  return fail(ErrorKind::invalid, "YAML in a text is not supported yet");
}

}  // namespace primocane
