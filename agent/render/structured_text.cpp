// SPDX-License-Identifier: Apache-2.0
#include "render/structured_text.hpp"

#include "document/json.hpp"
#include "document/written_scalar.hpp"
#include "document/yaml_node_writer.hpp"
#include "document/yaml_reader.hpp"
#include "render/field_match.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view name_in_messages = "the text";

constexpr std::string_view text_blanks = " \t\n\v\f\r";

Result<Document> parse_text(std::string_view text, const DocumentLimits& limits) {
  std::vector<Document> documents = TRY(read_yaml(text, name_in_messages, limits));
  if (documents.size() != 1) {
    return fail(ErrorKind::invalid, "the text must be one YAML document");
  }
  const Value& value = documents.front().value;
  if (!value.is_array() && !value.is_object()) {
    return fail(ErrorKind::invalid, "the text must be a mapping or a list to have fields");
  }
  return std::move(documents.front());
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

// In flow style, which JSON is, go-yaml prints the null that nothing stands for as a string.
void write_out_nothing(Value& value) {
  if (Array* items = value.as_array()) {
    std::ranges::for_each(*items, write_out_nothing);
  } else if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) write_out_nothing(member);
  } else if (value.is_null() && written_text(value) == "") {
    value = "";
  }
}

Result<std::string> replace_in_json(std::string_view text, std::span<const FieldStep> path,
                                    const CopiedValue& copied, CreateField create,
                                    const DocumentLimits& limits) {
  Value value = TRY(parse_text(text, limits)).value;
  TRY(put_at(value, path, copied, create));
  write_out_nothing(value);
  const bool has_lines =
      text.find('\n') != std::string_view::npos && text.find("  ") != std::string_view::npos;
  return write_go_json(value, has_lines ? JsonLayout::lines : JsonLayout::compact);
}

// What may be comments, and how often each is there.
std::map<std::string_view, int> possible_comments(std::string_view text) {
  std::map<std::string_view, int> comments;
  for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at)) {
    const bool may_begin = at == 0 || text_blanks.find(text[at - 1]) != std::string_view::npos;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (may_begin) ++comments[text.substr(at, end - at)];
    at = may_begin ? end : at + 1;
  }
  return comments;
}

// Whether a comment of `text` is lost in `printed`, which has all else of it.
bool loses_comment(std::string_view text, std::string_view printed) {
  const std::map<std::string_view, int> kept = possible_comments(printed);
  return std::ranges::any_of(possible_comments(text), [&](const auto& comment) {
    const auto found = kept.find(comment.first);
    return found == kept.end() || found->second < comment.second;
  });
}

Result<std::string> replace_in_yaml(std::string_view text, std::span<const FieldStep> path,
                                    const CopiedValue& copied, CreateField create,
                                    const DocumentLimits& limits) {
  Document document = TRY(parse_text(text, limits));
  if (document.has_properties) {
    return fail(ErrorKind::invalid, "YAML in a text may not have anchors, aliases or tags");
  }
  if (loses_comment(text, TRY(write_yaml_nodes(document.value)))) {
    return fail(ErrorKind::invalid,
                "YAML in a text may not have comments where it is changed: they would be lost");
  }
  TRY(put_at(document.value, path, copied, create));
  return write_yaml_nodes(document.value);
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
  const std::size_t start = text.find_first_not_of(text_blanks);
  if (start != std::string_view::npos && (text[start] == '{' || text[start] == '[')) {
    return replace_in_json(text, path, copied, create, limits);
  }
  std::string changed = TRY(replace_in_yaml(text, path, copied, create, limits));
  changed.resize(changed.find_last_not_of(text_blanks) + 1);
  return changed;
}

}  // namespace primocane
