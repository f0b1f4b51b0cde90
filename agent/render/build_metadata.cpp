// SPDX-License-Identifier: Apache-2.0
#include "render/build_metadata.hpp"

#include "document/yaml_reader.hpp"
#include "document/yaml_scalar_style.hpp"
#include "document/yaml_writer.hpp"
#include "render/go_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view annotations_key = "annotations";
constexpr std::string_view origin_key = "config.kubernetes.io/origin";
constexpr std::string_view transformations_key = "alpha.config.kubernetes.io/transformations";

// go-yaml v3 does not wrap lines.
std::string scalar_yaml(std::string_view text) {
  switch (style_of(text, ScalarRole::value)) {
    case ScalarStyle::plain:
      return std::string(text);
    case ScalarStyle::single_quoted: {
      std::string quoted = "'";
      for (const char letter : text) quoted.append(letter == '\'' ? 2 : 1, letter);
      return quoted + "'";
    }
    case ScalarStyle::double_quoted:
    case ScalarStyle::literal:
      break;
  }
  std::string written = write_yaml(Value(text));
  if (written.ends_with('\n')) written.pop_back();
  return written;
}

void add_field(std::string& yaml, std::string_view indent, std::string_view key,
               std::string_view value) {
  if (!value.empty()) yaml += fmt::format("{}{}: {}\n", indent, key, scalar_yaml(value));
}

// `yaml` as an item of a list.
std::string item_yaml(std::string_view yaml) {
  std::string item = "- ";
  while (!yaml.empty()) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size() - 1) + 1;
    if (item.size() > 2) item += "  ";
    item += yaml.substr(0, end);
    yaml.remove_prefix(end);
  }
  return item;
}

// Whether each line of `text` begins or goes on with an item.
bool looks_like_list(std::string_view text) {
  if (!text.starts_with("- ") || !text.ends_with('\n')) return false;
  for (std::size_t end = text.find('\n'); end + 1 < text.size(); end = text.find('\n', end + 1)) {
    const std::string_view next = text.substr(end + 1, 2);
    if (next != "- " && next != "  ") return false;
  }
  return true;
}

void set_annotation(Draft& draft, std::string_view key, std::string text) {
  Value& annotations = metadata_of(draft)[annotations_key];
  if (!annotations.is_object()) annotations = Object();
  annotations.as_object()->set(key, std::move(text));
}

// Annotations that are empty go as well, also those that were so from the start.
void remove_annotation(Draft& draft, std::string_view key) {
  Object& metadata = metadata_of(draft);
  Value* annotations = metadata.find(annotations_key);
  if (annotations == nullptr) return;
  if (annotations->is_object()) annotations->as_object()->erase(key);
  if (annotations->is_null() || *annotations == Value(Object())) metadata.erase(annotations_key);
}

}  // namespace

ResourceOrigin append_path(ResourceOrigin origin, std::string_view path) {
  origin.path = join_path({origin.path, path});
  return origin;
}

ResourceOrigin append_path(ResourceOrigin origin, const RemoteBase& remote) {
  origin.repo = remote.repository;
  origin.ref = remote.ref;
  origin.path =
      join_path({remote.path.is_root() ? std::string_view("notCloned") : remote.path.str()});
  return origin;
}

ResourceOrigin configured_by_field(const ResourceOrigin& origin, std::string_view file,
                                   std::string_view kind) {
  ResourceOrigin made;
  made.repo = origin.repo;
  made.ref = origin.ref;
  made.configured_in = join_path({origin.path, file});
  made.configured_by.api_version = "builtin";
  made.configured_by.kind = kind;
  return made;
}

ResourceOrigin configured_by_object(const ResourceOrigin& origin, const Draft& object) {
  ResourceOrigin made;
  made.repo = origin.repo;
  made.ref = origin.ref;
  made.configured_in = origin.path;
  made.configured_by = {.api_version = std::string(object.object.text_at("apiVersion")),
                        .kind = object.id.kind.kind,
                        .name = object.id.name,
                        .namespace_name = object.id.namespace_name};
  return made;
}

std::optional<ResourceOrigin> configured_by_object(const Draft& object) {
  const std::string text = origin_annotation(object);
  if (text.empty()) return std::nullopt;
  ResourceOrigin origin;
  // What somebody else has written there is taken for no place.
  if (const auto documents = read_yaml(text, origin_key); documents && !documents->empty()) {
    const Value& noted = documents->front().value;
    origin.path = noted.text_at("path");
    origin.repo = noted.text_at("repo");
    origin.ref = noted.text_at("ref");
  }
  return configured_by_object(origin, object);
}

std::string origin_yaml(const ResourceOrigin& origin) {
  std::string yaml;
  add_field(yaml, "", "path", origin.path);
  add_field(yaml, "", "repo", origin.repo);
  add_field(yaml, "", "ref", origin.ref);
  add_field(yaml, "", "configuredIn", origin.configured_in);
  if (origin.configured_by != ConfiguredBy()) {
    yaml += "configuredBy:\n";
    add_field(yaml, "  ", "apiVersion", origin.configured_by.api_version);
    add_field(yaml, "  ", "kind", origin.configured_by.kind);
    add_field(yaml, "  ", "name", origin.configured_by.name);
    add_field(yaml, "  ", "namespace", origin.configured_by.namespace_name);
  }
  return yaml.empty() ? "{}\n" : yaml;
}

std::string origin_annotation(const Draft& draft) {
  const std::string* text = metadata_text(draft, annotations_key, origin_key);
  return text == nullptr ? std::string() : *text;
}

void set_origin_annotation(Draft& draft, std::string text) {
  set_annotation(draft, origin_key, std::move(text));
}

void add_origin(std::vector<Draft>& drafts, const ResourceOrigin& origin) {
  const std::string yaml = origin_yaml(origin);
  for (Draft& draft : drafts) {
    if (metadata_text(draft, annotations_key, origin_key) == nullptr) {
      set_origin_annotation(draft, yaml);
    }
  }
}

Result<void> add_transformation(std::vector<Draft>& drafts, const ResourceOrigin& transformer) {
  const std::string yaml = origin_yaml(transformer);
  const std::string item = item_yaml(yaml);
  for (Draft& draft : drafts) {
    if (metadata_text(draft, annotations_key, origin_key) == nullptr) {
      set_origin_annotation(draft, yaml);
      continue;
    }
    const std::string* known = metadata_text(draft, annotations_key, transformations_key);
    if (known != nullptr && !known->empty() && !looks_like_list(*known)) {
      return invalid_draft(draft, fmt::format("the annotation {} is not what kustomize writes: "
                                              "take it out",
                                              transformations_key));
    }
    set_annotation(draft, transformations_key, known == nullptr ? item : *known + item);
  }
  return {};
}

void remove_origins(std::vector<Draft>& drafts) {
  for (Draft& draft : drafts) remove_annotation(draft, origin_key);
}

void remove_transformations(std::vector<Draft>& drafts) {
  for (Draft& draft : drafts) remove_annotation(draft, transformations_key);
}

}  // namespace primocane
