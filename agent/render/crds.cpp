// SPDX-License-Identifier: Apache-2.0
#include "render/crds.hpp"

#include "base/letter_case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t crd_steps_max = 1'000'000;
constexpr std::size_t depth_max = 100;

// The mapping at schema.properties of a definition; null if there is none.
Result<const Object*> properties_of(const Value& definition, std::string_view name,
                                    const FieldReader& reader) {
  if (definition.is_null()) return nullptr;
  if (!definition.is_object()) {
    return reader.bad(
        definition, fmt::format("{} must be a mapping with `schema`, not {}: `crds` takes OpenAPI "
                                "definitions, not CustomResourceDefinitions",
                                name, to_string(definition.kind())));
  }
  const Value* schema = nullptr;
  for (const auto& [key, member] : *definition.as_object()) {
    if (in_lower_case(key) == "schema") schema = &member;
  }
  if (schema == nullptr || schema->is_null()) return nullptr;
  if (!schema->is_object()) return reader.bad_type(*schema, "schema", "a mapping");
  const Value* properties = schema->find("properties");
  if (properties == nullptr || properties->is_null()) return nullptr;
  if (!properties->is_object()) return reader.bad_type(*properties, "properties", "a mapping");
  return properties->as_object();
}

// Goes through the properties of one kind, and through those of what they refer to.
class DefinitionWalk {
 public:
  DefinitionWalk(const Object& definitions, const FieldReader& reader, TransformerConfig& config)
      : definitions_(definitions), reader_(reader), config_(config) {}

  // An object of Kubernetes has apiVersion, kind and metadata; what has not is part of others.
  Result<void> begin(std::string_view type, const Value& definition) {
    const Object* properties = TRY(properties_of(definition, type, reader_));
    if (properties == nullptr) return {};
    for (const std::string_view key : {"apiVersion", "kind", "metadata"}) {
      if (!properties->contains(key)) return {};
    }
    kind_ = type.substr(type.rfind('.') + 1);
    return follow(type);
  }

 private:
  Result<void> follow(std::string_view type) {
    const Value* definition = definitions_.find(type);
    if (definition == nullptr || std::ranges::find(open_, type) != open_.end()) return {};
    const Object* properties = TRY(properties_of(*definition, type, reader_));
    if (properties == nullptr) return {};
    if (open_.size() == depth_max) return too_much(*definition);
    open_.push_back(type);
    for (const auto& [name, property] : *properties) {
      if (++steps_ > crd_steps_max) return too_much(property);
      if (!property.is_object() && !property.is_null()) {
        return reader_.bad_type(property, name, "a mapping");
      }
      path_.push_back(name);
      TRY(enter(property));
      path_.pop_back();
    }
    open_.pop_back();
    return {};
  }

  Result<void> enter(const Value& property) {
    const auto says = [&](std::string_view key) {
      const Value* value = property.find(key);
      return value == nullptr ? nullptr : value->as_string();
    };
    if (says("x-kubernetes-annotation")) TRY(add(config_.common_annotations));
    if (says("x-kubernetes-label-selector")) TRY(add(config_.common_labels));
    if (says("x-kubernetes-identity")) TRY(add(config_.name_prefix));
    const std::string* version = says("x-kubernetes-object-ref-api-version");
    const std::string* kind = says("x-kubernetes-object-ref-kind");
    if (version != nullptr && kind != nullptr) {
      const std::string* key = says("x-kubernetes-object-ref-name-key");
      path_.push_back(key == nullptr ? std::string_view("name") : *key);
      TRY(add(referrers_to({.group = {}, .version = *version, .kind = *kind})));
      path_.pop_back();
    }
    const std::string* reference = says("$ref");
    return reference == nullptr ? Result<void>() : follow(*reference);
  }

  // Adds the field that the walk is at.
  Result<void> add(std::vector<FieldSpec>& specs) {
    FieldSpec spec;
    spec.kind = kind_;
    spec.path = fmt::format("{}", fmt::join(path_, "/"));
    specs = TRY(merge_specs(std::move(specs), {spec}));
    return {};
  }

  std::vector<FieldSpec>& referrers_to(const VersionedKind& target) {
    std::vector<NameBackReference>& references = config_.name_references;
    const auto known = std::ranges::find(references, target, &NameBackReference::target);
    if (known != references.end()) return known->referrers;
    references.push_back({.target = target, .referrers = {}});
    return references.back().referrers;
  }

  [[nodiscard]] std::unexpected<Error> too_much(const Value& value) const {
    return reader_.bad(value, "these definitions refer to each other too often");
  }

  const Object& definitions_;
  const FieldReader& reader_;
  TransformerConfig& config_;
  std::string_view kind_;
  std::vector<std::string_view> path_;
  std::vector<std::string_view> open_;  // the types on the way here
  std::size_t steps_ = 0;
};

}  // namespace

Result<TransformerConfig> read_crds(const Value& file, const FieldReader& reader) {
  TransformerConfig config;
  if (file.is_null()) return config;
  if (!file.is_object()) {
    return reader.bad_type(file, "a file of crds", "a mapping of definitions");
  }
  DefinitionWalk walk(*file.as_object(), reader, config);
  for (const auto& [type, definition] : *file.as_object()) TRY(walk.begin(type, definition));
  return config;
}

}  // namespace primocane
