// SPDX-License-Identifier: Apache-2.0
#include "render/generators.hpp"

#include "base/base64.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <utility>

namespace primocane {

namespace {

using TextMap = std::map<std::string, std::string>;

Object object_of(const TextMap& texts) {
  Object object;
  for (const auto& [key, text] : texts) object.append(key, text);
  return object;
}

Object metadata_for(const GeneratorRule& rule) {
  Object metadata{{"name", rule.name}};
  if (!rule.namespace_name.empty()) metadata.append("namespace", rule.namespace_name);
  if (!rule.options.labels.empty()) metadata.append("labels", object_of(rule.options.labels));
  if (!rule.options.annotations.empty()) {
    metadata.append("annotations", object_of(rule.options.annotations));
  }
  return metadata;
}

void add_config_map_data(TextMap pairs, Object& object) {
  Object texts;
  Object binaries;
  for (auto& [key, value] : pairs) {
    if (is_utf8(value)) {
      texts.append(key, std::move(value));
    } else {
      binaries.append(key, wrapped_base64(value));
    }
  }
  if (!texts.empty()) object.append("data", std::move(texts));
  if (!binaries.empty()) object.append("binaryData", std::move(binaries));
}

void add_secret_data(const TextMap& pairs, Object& object) {
  Object data;
  for (const auto& [key, value] : pairs) data.append(key, wrapped_base64(value));
  object.append("data", std::move(data));
}

Result<Draft> make(const GeneratorRule& rule, const FileLoader& loader) {
  if (rule.name.empty()) return fail(ErrorKind::invalid, "the generator has no name");
  TextMap pairs = TRY(load_pairs(rule.sources, loader));
  Object object{{"apiVersion", "v1"}, {"kind", to_string(rule.kind)}};
  object.append("metadata", metadata_for(rule));
  switch (rule.kind) {
    case GeneratedKind::config_map:
      add_config_map_data(std::move(pairs), object);
      break;
    case GeneratedKind::secret:
      object.append("type", rule.type.empty() ? "Opaque" : rule.type);
      add_secret_data(pairs, object);
      break;
  }
  if (rule.options.immutable) object.append("immutable", true);
  return make_draft(std::move(object), rule.origin);
}

}  // namespace

std::string wrapped_base64(std::string_view bytes) {
  constexpr std::size_t width = 70;
  std::string text = to_base64(bytes);
  if (text.size() < width) return text;
  std::string lines;
  lines.reserve(text.size() + text.size() / width + 1);
  for (std::size_t begin = 0; begin < text.size(); begin += width) {
    lines.append(text, begin, width).push_back('\n');
  }
  return lines;
}

Result<Draft> generate(const GeneratorRule& rule, const FileLoader& loader) {
  auto draft = make(rule, loader);
  if (!draft) {
    return std::unexpected(with_context(
        fmt::format("{}: {}/{}", to_string(rule.origin), to_string(rule.kind), rule.name),
        std::move(draft).error()));
  }
  draft->behavior = rule.behavior;
  draft->needs_hash = !rule.options.disable_name_suffix_hash;
  return draft;
}

}  // namespace primocane
