// SPDX-License-Identifier: Apache-2.0
#include "render/transformer_config.hpp"

#include "render/default_field_specs.hpp"
#include "render/legacy_order.hpp"
#include "render/name_reference_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace primocane {

namespace {

VersionedKind kind_of(const FieldSpec& spec) {
  return {.group = spec.group, .version = spec.version, .kind = spec.kind};
}

// kyaml resid, Gvk.IsLessThan. Go's sort is not stable; where two are equal ours keeps the order.
void sort_specs(std::vector<FieldSpec>& specs) {
  std::ranges::stable_sort(specs, [](const FieldSpec& a, const FieldSpec& b) {
    return comes_before(kind_of(a), kind_of(b));
  });
}

void sort_fields(TransformerConfig& config) {
  for (auto* specs :
       {&config.name_prefix, &config.name_suffix, &config.namespaces, &config.common_labels,
        &config.labels, &config.template_labels, &config.common_annotations, &config.var_references,
        &config.images, &config.replicas}) {
    sort_specs(*specs);
  }
  std::ranges::stable_sort(config.name_references,
                           [](const NameBackReference& a, const NameBackReference& b) {
                             return comes_before(a.target, b.target);
                           });
}

TransformerConfig make_default() {
  TransformerConfig config;
  config.name_prefix = name_specs();
  config.name_suffix = name_specs();
  config.namespaces = namespace_specs();
  config.common_labels = selector_label_specs();
  config.template_labels = template_label_specs();
  config.common_annotations = common_annotation_specs();
  config.name_references = default_name_references();
  config.var_references = variable_specs();
  config.images = image_specs();
  config.replicas = replica_specs();
  sort_fields(config);
  return config;
}

Result<std::vector<NameBackReference>> merge_references(
    std::vector<NameBackReference> references, const std::vector<NameBackReference>& more) {
  for (const NameBackReference& reference : more) {
    const auto known = std::ranges::find(references, reference.target, &NameBackReference::target);
    if (known == references.end()) {
      references.push_back(reference);
    } else {
      known->referrers = TRY(merge_specs(std::move(known->referrers), reference.referrers));
    }
  }
  return references;
}

Result<NameBackReference> read_reference(const Value& item, const FieldReader& reader) {
  const Object read = TRY(
      reader.fields(item, "an item of nameReference", {"group", "version", "kind", "fieldSpecs"}));
  NameBackReference reference;
  reference.target.group = TRY(reader.text_of(read, "group"));
  reference.target.version = TRY(reader.text_of(read, "version"));
  reference.target.kind = TRY(reader.text_of(read, "kind"));
  reference.referrers = TRY(reader.field_specs_of(read, "fieldSpecs"));
  return reference;
}

}  // namespace

SharedConfig default_transformer_config() {
  return std::make_shared<const TransformerConfig>(make_default());
}

Result<SharedConfig> merge_configs(const SharedConfig& config, const SharedConfig& more) {
  if (config == more) return config;
  if (config == nullptr) {
    // What was merged before, as the built-in one, is not changed by that.
    return merge_configs(std::make_shared<const TransformerConfig>(), more);
  }
  TransformerConfig merged;
  merged.name_prefix = TRY(merge_specs(config->name_prefix, more->name_prefix));
  merged.name_suffix = TRY(merge_specs(config->name_suffix, more->name_suffix));
  merged.namespaces = TRY(merge_specs(config->namespaces, more->namespaces));
  merged.common_labels = TRY(merge_specs(config->common_labels, more->common_labels));
  merged.labels = TRY(merge_specs(config->labels, more->labels));
  merged.template_labels = TRY(merge_specs(config->template_labels, more->template_labels));
  merged.common_annotations =
      TRY(merge_specs(config->common_annotations, more->common_annotations));
  merged.name_references = TRY(merge_references(config->name_references, more->name_references));
  merged.var_references = TRY(merge_specs(config->var_references, more->var_references));
  merged.images = TRY(merge_specs(config->images, more->images));
  merged.replicas = TRY(merge_specs(config->replicas, more->replicas));
  sort_fields(merged);
  return std::make_shared<const TransformerConfig>(std::move(merged));
}

Result<TransformerConfig> read_transformer_config(const Value& file, const FieldReader& reader) {
  const Object read = TRY(reader.fields(
      file, "a file of configurations",
      {"namePrefix", "nameSuffix", "namespace", "commonLabels", "labels", "templateLabels",
       "commonAnnotations", "nameReference", "varReference", "images", "replicas"}));
  TransformerConfig config;
  config.name_prefix = TRY(reader.field_specs_of(read, "namePrefix"));
  config.name_suffix = TRY(reader.field_specs_of(read, "nameSuffix"));
  config.namespaces = TRY(reader.field_specs_of(read, "namespace"));
  config.common_labels = TRY(reader.field_specs_of(read, "commonLabels"));
  config.labels = TRY(reader.field_specs_of(read, "labels"));
  config.template_labels = TRY(reader.field_specs_of(read, "templateLabels"));
  config.common_annotations = TRY(reader.field_specs_of(read, "commonAnnotations"));
  config.var_references = TRY(reader.field_specs_of(read, "varReference"));
  config.images = TRY(reader.field_specs_of(read, "images"));
  config.replicas = TRY(reader.field_specs_of(read, "replicas"));
  for (const Value& item : TRY(reader.items_of(read, "nameReference"))) {
    config.name_references.push_back(TRY(read_reference(item, reader)));
  }
  sort_fields(config);
  return config;
}

}  // namespace primocane
