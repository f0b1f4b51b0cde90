// SPDX-License-Identifier: Apache-2.0
// Whatever a field path says, following it through a small object ends in fields of that object or
// in an error of the input, and what a replacement makes of them keeps the limits of documents.
// The first line of an input is the path, the second the value, the third the options: "c" for
// create, a delimiter behind "d", an index behind "i"; the rest is the object.
#include "base/take_until.hpp"
#include "document/json.hpp"
#include "document/yaml_reader.hpp"
#include "fuzz/require.hpp"
#include "render/field_match.hpp"
#include "render/replacements.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

using namespace primocane;

namespace {

constexpr DocumentLimits limits{
    .bytes = ByteCount(64 * 1024), .depth = 30, .nodes = 2'000, .documents = 4};

template <typename T>
void require_invalid(const Result<T>& result) {
  if (result) return;
  require(result.error().kind == ErrorKind::invalid);
  require(!result.error().message.empty());
}

FieldOptions options_in(std::string_view line) {
  FieldOptions options;
  if (line.starts_with('c')) options.create = CreateField::yes;
  if (const std::size_t at = line.find('d'); at != std::string_view::npos) {
    options.delimiter = line.substr(at + 1, 1);
  }
  if (const std::size_t at = line.find('i'); at != std::string_view::npos) {
    options.index = go_atoi(line.substr(at + 1)).value_or(0);
  }
  return options;
}

void match(Value object, const FieldPath& path) {
  const Value before = object;
  const auto found = match_fields(object, path.steps(), {.printed = printed_element});
  require_invalid(found);
  require_invalid(look_up(object, path.steps()));
  require(object == before);
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const FieldPath path = FieldPath::parse(take_until(text, '\n'));
  require(!path.steps().empty());
  const std::string_view value = take_until(text, '\n');
  const FieldOptions options = options_in(take_until(text, '\n'));
  auto documents = read_yaml(text, "input", limits);
  if (!documents || documents->empty()) return 0;
  match(documents->front().value, path);

  auto draft = make_draft(std::move(documents->front().value), {.path = "input"});
  if (!draft) return 0;
  std::vector<Draft> drafts;
  drafts.push_back(std::move(*draft));
  auto scope = ReplacementScope::make(Selector{}, {}, "input");
  require(scope.has_value());
  Replacement replacement;
  replacement.place = "input";
  replacement.source_value = value;
  // A value that begins with a dollar is a path of its own.
  if (value.starts_with('$')) {
    replacement.source = ReplacementSource{};
    replacement.source_path = FieldPath::parse(value.substr(1));
  }
  replacement.targets.push_back(
      {.scope = std::move(*scope), .paths = {path, path}, .options = options});
  const std::vector<Replacement> replacements(4, replacement);
  require_invalid(apply_replacements(drafts, replacements, limits));
  require(!write_json(drafts.front().object).empty());
  return 0;
}
