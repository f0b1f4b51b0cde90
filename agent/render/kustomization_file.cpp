// SPDX-License-Identifier: Apache-2.0
#include "render/kustomization_file.hpp"

#include "document/schema_reader.hpp"
#include "document/value.hpp"
#include "document/yaml_reader.hpp"
#include "render/field_reader.hpp"
#include "render/kustomization_fields.hpp"
#include "resource/resource_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 3> file_names = {"kustomization.yaml", "kustomization.yml",
                                                        "Kustomization"};
constexpr std::string_view component_version = "kustomize.config.k8s.io/v1alpha1";
constexpr std::string_view kustomization_version = "kustomize.config.k8s.io/v1beta1";

// Reads the fields of one file.
class KustomizationReader {
 public:
  explicit KustomizationReader(FieldReader reader) : reader_(std::move(reader)) {}

  /// Of what may be null.
  Result<KustomizationFile> read(const Value& document);
  /// `invalid` if the file that was read asks for nothing.
  [[nodiscard]] Result<void> require_something(const Value& document) const;

 private:
  Result<KustomizationKind> read_kind(const Value& document) const;
  Result<void> refuse_helm() const;
  Result<void> read_lists(KustomizationFile& file) const;
  Result<void> read_simple_transformers(KustomizationFile& file) const;
  Result<void> read_patches(KustomizationFile& file) const;
  Result<void> read_generators(KustomizationFile& file) const;
  Result<void> read_build_options(KustomizationFile& file) const;
  Result<void> append_listed(std::string_view key, std::vector<ListedPath>& paths) const;
  Result<LabelRule> read_label_rule(const Value& item) const;
  Result<void> check_metadata() const;
  Result<std::optional<SortOptions>> read_sort_options() const;

  template <typename Rule, typename Read>
  Result<void> append_rules(std::string_view key, std::vector<Rule>& rules,
                            const Read& read) const {
    for (const Value& item : TRY(reader_.items_of(fields_, key))) {
      rules.push_back(TRY(read(item, reader_)));
    }
    return {};
  }

  FieldReader reader_;
  Object fields_;
};

Result<KustomizationFile> KustomizationReader::read(const Value& document) {
  // First, because a file that is meant for another tool has other fields as well.
  TRY(read_kind(document));
  if (!document.is_object()) return reader_.bad_type(document, "a kustomization file", "a mapping");
  fields_ = TRY(reader_.fields(document, "a kustomization", kustomization_fields()));
  KustomizationFile file;
  file.path = reader_.path();
  Value named = fields_;
  named.set_line(document.line());
  file.kind = TRY(read_kind(named));
  TRY(refuse_helm());
  TRY(read_lists(file));
  TRY(read_simple_transformers(file));
  TRY(read_patches(file));
  TRY(read_generators(file));
  TRY(read_build_options(file));
  return file;
}

// api/types/kustomization.go, EnforceFields.
Result<KustomizationKind> KustomizationReader::read_kind(const Value& document) const {
  if (!document.is_object()) return KustomizationKind::kustomization;
  const Object& fields = *document.as_object();
  const std::string kind = TRY(reader_.text_of(fields, "kind"));
  const std::string version = TRY(reader_.text_of(fields, "apiVersion"));
  const bool is_component = kind == "Component";
  if (!kind.empty() && !is_component && kind != "Kustomization") {
    return reader_.bad(*document.find("kind"),
                       fmt::format("kind of a kustomization file is \"Kustomization\" or "
                                   "\"Component\", not \"{}\"",
                                   kind));
  }
  const std::string_view wanted = is_component ? component_version : kustomization_version;
  if (version.empty() || version == wanted) {
    return is_component ? KustomizationKind::component : KustomizationKind::kustomization;
  }
  if (ApiVersion::parse(version).value_or(ApiVersion{}).group == "kustomize.toolkit.fluxcd.io") {
    return reader_.bad(*document.find("apiVersion"),
                       "this is an object of Flux: a file of this name is for kustomize");
  }
  return reader_.bad(*document.find("apiVersion"),
                     fmt::format("apiVersion of a {} file is \"{}\", not \"{}\"",
                                 is_component ? "component" : "kustomization", wanted, version));
}

// CheckEmpty: a list without items is something, a mapping or text without content is not.
Result<void> KustomizationReader::require_something(const Value& document) const {
  const bool asks = std::ranges::any_of(fields_, [](const auto& field) {
    return field.first != "apiVersion" && field.first != "kind" && field.second != Value("");
  });
  if (asks) return {};
  return reader_.bad(document, "is empty: it has no field like \"resources\"");
}

Result<void> KustomizationReader::refuse_helm() const {
  for (const std::string_view key : {"helmCharts", "helmChartInflationGenerator"}) {
    const auto charts = TRY(reader_.items_of(fields_, key));
    if (charts.empty()) continue;
    return reader_.bad(charts.front(),
                       fmt::format("{}: charts are not inflated while building: declare a "
                                   "HelmRelease instead",
                                   key));
  }
  return {};
}

Result<void> KustomizationReader::append_listed(std::string_view key,
                                                std::vector<ListedPath>& paths) const {
  for (const Value& item : TRY(reader_.items_of(fields_, key))) {
    std::string text = TRY(reader_.text(item, fmt::format("an item of {}", key)));
    if (text.empty()) return reader_.bad(item, fmt::format("an item of {} is empty", key));
    paths.push_back({.text = std::move(text), .line = item.line()});
  }
  return {};
}

Result<void> KustomizationReader::read_lists(KustomizationFile& file) const {
  TRY(append_listed("resources", file.resources));
  file.has_resources = !file.resources.empty();
  TRY(append_listed("bases", file.resources));
  TRY(append_listed("components", file.components));
  TRY(append_listed("crds", file.crds));
  TRY(append_listed("configurations", file.configurations));
  TRY(append_listed("generators", file.generators));
  TRY(append_listed("transformers", file.transformers));
  return append_listed("validators", file.validators);
}

Result<void> KustomizationReader::read_simple_transformers(KustomizationFile& file) const {
  file.namespace_name = TRY(reader_.text_of(fields_, "namespace"));
  file.name_prefix = TRY(reader_.text_of(fields_, "namePrefix"));
  file.name_suffix = TRY(reader_.text_of(fields_, "nameSuffix"));
  for (const Value& item : TRY(reader_.items_of(fields_, "labels"))) {
    file.labels.push_back(TRY(read_label_rule(item)));
  }
  file.common_labels = TRY(reader_.text_map_of(fields_, "commonLabels"));
  file.common_annotations = TRY(reader_.text_map_of(fields_, "commonAnnotations"));
  TRY(append_rules("images", file.images, read_image_rule));
  TRY(append_rules("imageTags", file.images, read_image_rule));
  TRY(append_rules("replicas", file.replicas, read_replica_rule));
  TRY(append_rules("replacements", file.replacements, read_replacement_rule));
  return append_rules("vars", file.vars, read_var);
}

Result<void> KustomizationReader::read_patches(KustomizationFile& file) const {
  TRY(append_rules("patches", file.patches, read_patch_rule));
  TRY(append_rules("patchesJson6902", file.json_patches, read_patch_rule));
  return append_listed("patchesStrategicMerge", file.strategic_merge_patches);
}

Result<void> KustomizationReader::read_generators(KustomizationFile& file) const {
  TRY(append_rules("configMapGenerator", file.config_map_generators, read_config_map_rule));
  TRY(append_rules("secretGenerator", file.secret_generators, read_secret_rule));
  const Value* global = fields_.find("generatorOptions");
  if (global == nullptr) return {};
  const GeneratorOptions options = TRY(read_generator_options(*global, reader_));
  for (GeneratorRule& rule : file.config_map_generators) add_global_options(rule.options, options);
  for (GeneratorRule& rule : file.secret_generators) add_global_options(rule.options, options);
  return {};
}

// It says nothing to the engine, but kustomize takes no other fields (api/types/objectmeta.go).
Result<void> KustomizationReader::check_metadata() const {
  const Value* metadata = fields_.find("metadata");
  if (metadata == nullptr) return {};
  const Object read =
      TRY(reader_.fields(*metadata, "metadata", {"name", "namespace", "labels", "annotations"}));
  for (const std::string_view key : {"name", "namespace"}) TRY(reader_.text_of(read, key));
  for (const std::string_view key : {"labels", "annotations"}) TRY(reader_.text_map_of(read, key));
  return {};
}

Result<void> KustomizationReader::read_build_options(KustomizationFile& file) const {
  TRY(check_metadata());
  if (const Value* openapi = fields_.find("openapi"); openapi != nullptr) {
    const TextPairs pairs = TRY(reader_.text_map_of(fields_, "openapi"));
    const auto text = [&](const std::string& key) {
      const auto found = pairs.find(key);
      return found == pairs.end() ? std::string() : found->second;
    };
    file.openapi =
        OpenApiField{.path = text("path"), .version = text("version"), .line = openapi->line()};
  }
  for (const Value& item : TRY(reader_.items_of(fields_, "buildMetadata"))) {
    const std::string option = TRY(reader_.text(item, "an item of buildMetadata"));
    BuildMetadata& asked = file.build_metadata;
    asked.is_there = true;
    asked.origin_annotations |= option == "originAnnotations";
    asked.transformer_annotations |= option == "transformerAnnotations";
    asked.managed_by_label |= option == "managedByLabel";
  }
  file.sort_options = TRY(read_sort_options());
  return {};
}

Result<LabelRule> KustomizationReader::read_label_rule(const Value& item) const {
  const Object read = TRY(reader_.fields(
      item, "an item of labels", {"pairs", "includeSelectors", "includeTemplates", "fields"}));
  LabelRule rule;
  rule.pairs = TRY(reader_.text_map_of(read, "pairs"));
  rule.include_selectors = TRY(reader_.flag_of(read, "includeSelectors"));
  rule.include_templates = TRY(reader_.flag_of(read, "includeTemplates"));
  rule.fields = TRY(reader_.field_specs_of(read, "fields"));
  return rule;
}

// api/types/sortoptions.go; api/internal/builtins/SortOrderTransformer.go, validate.
Result<std::optional<SortOptions>> KustomizationReader::read_sort_options() const {
  const Value* value = fields_.find("sortOptions");
  if (value == nullptr) return std::optional<SortOptions>();
  const Object read = TRY(reader_.fields(*value, "sortOptions", {"order", "legacySortOptions"}));
  const std::string order = TRY(reader_.text_of(read, "order"));
  const Value* kinds = read.find("legacySortOptions");
  if (order == "fifo") {
    if (kinds == nullptr) return SortOptions{};
    return reader_.bad(*kinds, "legacySortOptions is given, but the order is fifo, not legacy");
  }
  if (order != "legacy") {
    return reader_.bad(*value, fmt::format("order of sortOptions must be \"fifo\" or \"legacy\", "
                                           "not \"{}\"",
                                           order));
  }
  if (kinds == nullptr) return SortOptions{.legacy = default_kind_order()};
  const Object lists =
      TRY(reader_.fields(*kinds, "legacySortOptions", {"orderFirst", "orderLast"}));
  KindOrder kind_order;
  kind_order.first = TRY(reader_.texts_of(lists, "orderFirst"));
  kind_order.last = TRY(reader_.texts_of(lists, "orderLast"));
  return SortOptions{.legacy = std::move(kind_order)};
}

}  // namespace

Result<std::optional<RelativePath>> find_kustomization_file(const SourceTree& tree,
                                                            const RelativePath& folder) {
  std::optional<RelativePath> found;
  for (const std::string_view name : file_names) {
    RelativePath path = TRY(folder.join(name));
    if (TRY(tree.kind(path)) != EntryKind::file) continue;
    if (found) {
      return fail(ErrorKind::invalid,
                  fmt::format("{} and {} are both kustomization files of one folder: keep one",
                              found->str(), path.str()));
    }
    found = std::move(path);
  }
  return found;
}

Result<KustomizationFile> read_kustomization_file(std::string_view text, std::string path,
                                                  const DocumentLimits& limits) {
  const std::vector<Document> documents = TRY(read_yaml(text, path, limits, GoYaml::v2));
  if (documents.empty()) return fail(ErrorKind::invalid, fmt::format("{}: is empty", path));
  if (documents.size() > 1) {
    return fail(ErrorKind::invalid, at_line(path, documents[1].value.line()) +
                                        "a kustomization file holds one document");
  }
  KustomizationReader reader((FieldReader(std::move(path))));
  KustomizationFile file = TRY(reader.read(documents.front().value));
  TRY(reader.require_something(documents.front().value));
  return file;
}

Result<KustomizationFile> read_kustomization_file_as_flux(std::string_view text, std::string path,
                                                          const DocumentLimits& limits) {
  const std::vector<Document> documents = TRY(read_yaml(text, path, limits, GoYaml::v2));
  KustomizationReader reader(FieldReader(std::move(path), UnknownFields::ignored));
  return reader.read(documents.empty() ? Value(Object()) : documents.front().value);
}

}  // namespace primocane
