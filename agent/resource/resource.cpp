// SPDX-License-Identifier: Apache-2.0
#include "resource/resource.hpp"

#include "resource/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t shown_length_max = 100;  // of a wrong text in a message

// The place of `value`, or of the whole object where the value knows none.
std::string place(const Origin& origin, const Value* value) {
  const bool known = value != nullptr && value->line() != 0;
  return fmt::format("{}:{}", origin.path, known ? value->line() : origin.line);
}

std::unexpected<Error> bad(const Origin& origin, const Value* value, std::string_view message) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", place(origin, value), message));
}

// The non-empty string at `value`, called `what` in messages.
Result<std::string> required_text(const Value* value, std::string_view what, const Value& object,
                                  const Origin& origin) {
  if (value == nullptr || value->is_null()) {
    return bad(origin, &object, fmt::format("{} is missing", what));
  }
  const std::string* text = value->as_string();
  if (text == nullptr) {
    return bad(origin, value,
               fmt::format("{} must be a string, not {}", what, to_string(value->kind())));
  }
  if (text->empty()) return bad(origin, value, fmt::format("{} is empty", what));
  return *text;
}

// Checks that `key` of `metadata` maps to strings. A null becomes "", as in kustomize.
Result<void> read_string_map(Object& metadata, std::string_view key, const Origin& origin) {
  Value* map = metadata.find(key);
  if (map == nullptr || map->is_null()) return {};
  if (!map->is_object()) {
    return bad(origin, map,
               fmt::format("metadata.{} must be a mapping, not {}", key, to_string(map->kind())));
  }
  for (auto& [name, value] : *map->as_object()) {
    if (value.is_null()) value = "";
    if (value.is_string()) continue;
    return bad(origin, &value,
               fmt::format("metadata.{}: the value of \"{}\" must be a string, not {}: quote it",
                           key, name, to_string(value.kind())));
  }
  return {};
}

Result<std::string> read_name(const Value& metadata, const Value& object, const Origin& origin) {
  const Value* value = metadata.find("name");
  if (value == nullptr && metadata.find("generateName") != nullptr) {
    return bad(origin, metadata.find("generateName"),
               "metadata.generateName is not supported: an object from Git needs metadata.name");
  }
  std::string name = TRY(required_text(value, "metadata.name", object, origin));
  if (const auto fault = fault_of_name(name)) return bad(origin, value, *fault);
  return name;
}

Result<std::string> read_namespace(const Value& metadata, const Origin& origin) {
  const Value* value = metadata.find("namespace");
  if (value == nullptr || value->is_null()) return std::string();
  const std::string* text = value->as_string();
  if (text == nullptr) {
    return bad(
        origin, value,
        fmt::format("metadata.namespace must be a string, not {}", to_string(value->kind())));
  }
  if (!text->empty() && !is_namespace_name(*text)) {
    return bad(origin, value,
               fmt::format("metadata.namespace \"{}\" is no namespace's name: expected at most 63 "
                           "lower-case letters, digits and \"-\"",
                           text->substr(0, shown_length_max)));
  }
  return *text;
}

}  // namespace

std::string to_string(const Origin& origin) {
  return fmt::format("{}:{}", origin.path, origin.line);
}

Result<Resource> Resource::make(Value object, Origin origin) {
  if (!object.is_object()) {
    return bad(
        origin, &object,
        fmt::format("a Kubernetes object must be a mapping, not {}", to_string(object.kind())));
  }
  const Value* version_value = object.find("apiVersion");
  const std::string version_text = TRY(required_text(version_value, "apiVersion", object, origin));
  auto api_version = ApiVersion::parse(version_text);
  if (!api_version) return bad(origin, version_value, api_version.error().message);

  const Value* kind_value = object.find("kind");
  std::string kind = TRY(required_text(kind_value, "kind", object, origin));
  if (!is_kind_name(kind)) {
    return bad(origin, kind_value,
               fmt::format("\"{}\" is no kind", kind.substr(0, shown_length_max)));
  }
  Value* metadata = object.as_object()->find("metadata");
  if (metadata == nullptr || metadata->is_null()) {
    return bad(origin, &object, "metadata.name is missing");
  }
  if (!metadata->is_object()) {
    return bad(origin, metadata,
               fmt::format("metadata must be a mapping, not {}", to_string(metadata->kind())));
  }
  std::string name = TRY(read_name(*metadata, object, origin));
  std::string namespace_name = TRY(read_namespace(*metadata, origin));
  TRY(read_string_map(*metadata->as_object(), "labels", origin));
  TRY(read_string_map(*metadata->as_object(), "annotations", origin));
  return Resource{.id = {.group = std::move(api_version->group),
                         .kind = std::move(kind),
                         .namespace_name = std::move(namespace_name),
                         .name = std::move(name)},
                  .version = std::move(api_version->version),
                  .object = std::move(object),
                  .origin = std::move(origin)};
}

Result<ResourceSet> ResourceSet::make(std::vector<Resource> resources) {
  std::ranges::stable_sort(resources, {}, &Resource::id);
  const auto twin = std::ranges::adjacent_find(resources, {}, &Resource::id);
  if (twin != resources.end()) {
    const Resource& first = *twin;
    const Resource& second = *std::next(twin);
    return fail(ErrorKind::invalid,
                fmt::format("{}: {} is defined twice, also at {}", to_string(second.origin),
                            to_string(second.id), to_string(first.origin)));
  }
  ResourceSet set;
  set.resources_ = std::move(resources);
  return set;
}

const Resource* ResourceSet::find(const ResourceId& id) const {
  const auto found = std::ranges::lower_bound(resources_, id, {}, &Resource::id);
  if (found == resources_.end() || found->id != id) return nullptr;
  return &*found;
}

}  // namespace primocane
