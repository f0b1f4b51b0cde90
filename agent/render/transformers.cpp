// SPDX-License-Identifier: Apache-2.0
#include "render/transformers.hpp"

#include "document/schema_reader.hpp"
#include "render/default_field_specs.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/name_affixes.hpp"
#include "render/namespace_transformer.hpp"
#include "render/object_fields.hpp"
#include "render/patches.hpp"
#include "render/replacements.hpp"

#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Where the labels of a rule go (kusttarget_configplugin.go, LabelTransformer).
Result<std::vector<FieldSpec>> label_fields(const LabelRule& rule,
                                            const TransformerConfig& config) {
  std::vector<FieldSpec> fields = TRY(merge_specs(rule.fields, config.labels));
  if (rule.include_selectors) return merge_specs(std::move(fields), config.common_labels);
  if (rule.include_templates) {
    fields = TRY(merge_specs(std::move(fields), config.template_labels));
  }
  return merge_specs(std::move(fields), metadata_label_specs());
}

// Gathers the steps of one kustomization.
class OwnTransformers {
 public:
  OwnTransformers(const KustomizationFile& file, SharedConfig config,
                  const TransformerSources& sources)
      : file_(file), config_(std::move(config)), sources_(sources) {}

  Result<std::vector<Transformer>> all() {
    TRY(add_merge_patches());
    TRY(add_patches());
    add_identity();
    TRY(add_labels());
    add_annotations();
    TRY(add_json_patches());
    add_replicas();
    add_images();
    TRY(add_replacements());
    return std::move(steps_);
  }

 private:
  // The step `run` of what kustomize calls `kind`; its errors name the kustomization.
  void add(std::string_view kind, Transform run) {
    Transformer step;
    step.run = [path = file_.path, run = std::move(run)](std::vector<Draft>& drafts) {
      Result<void> done = run(drafts);
      if (!done) done = std::unexpected(with_context(path, std::move(done).error()));
      return done;
    };
    push(kind, std::move(step));
  }

  // The same of a step whose errors name their place.
  void add_placed(std::string_view kind, Transform run) {
    push(kind, {.run = std::move(run), .origin = {}});
  }

  void add_patch(std::string_view kind, LoadedPatch patch) {
    Transformer step;
    step.run = [patch = std::move(patch), &schema = sources_.schema](std::vector<Draft>& drafts) {
      return apply_patch(drafts, patch, schema);
    };
    push(kind, std::move(step));
  }

  void push(std::string_view kind, Transformer step) {
    if (sources_.origin) {
      step.origin = configured_by_field(*sources_.origin, file_.name(), kind);
    }
    steps_.push_back(std::move(step));
  }

  [[nodiscard]] std::string place(std::uint32_t line) const {
    std::string text = at_line(file_.path, line);
    return text.substr(0, text.size() - 2);
  }

  Result<void> add_merge_patches() {
    if (file_.strategic_merge_patches.empty()) return {};
    std::vector<LoadedPatch> patches;
    patches.reserve(file_.strategic_merge_patches.size());
    for (const ListedPath& item : file_.strategic_merge_patches) {
      patches.push_back(TRY(load_merge_patches(item.text, sources_.loader, place(item.line))));
    }
    // One step for all of them, as in kustomize.
    Transformer step;
    step.run = [patches = std::move(patches),
                &schema = sources_.schema](std::vector<Draft>& drafts) -> Result<void> {
      for (const LoadedPatch& patch : patches) TRY(apply_patch(drafts, patch, schema));
      return {};
    };
    push("PatchStrategicMergeTransformer", std::move(step));
    return {};
  }

  Result<void> add_patches() {
    for (const PatchRule& rule : file_.patches) {
      std::string place_of_rule = rule.place.empty() ? place(rule.line) : rule.place;
      add_patch("PatchTransformer",
                TRY(load_patch(rule, sources_.loader, std::move(place_of_rule))));
    }
    return {};
  }

  Result<void> add_json_patches() {
    for (const PatchRule& rule : file_.json_patches) {
      add_patch("PatchJson6902Transformer",
                TRY(load_json_patch(rule, sources_.loader, place(rule.line))));
    }
    return {};
  }

  void add_identity() {
    if (!file_.namespace_name.empty()) {
      add("NamespaceTransformer",
          [rule = NamespaceRule{.name = file_.namespace_name, .fields = config_->namespaces}](
              std::vector<Draft>& drafts) { return set_namespace(drafts, rule); });
    }
    if (!file_.name_prefix.empty()) {
      add("PrefixTransformer",
          [prefix = file_.name_prefix, config = config_](std::vector<Draft>& drafts) {
            return add_name_prefix(drafts, prefix, config->name_prefix);
          });
    }
    if (!file_.name_suffix.empty()) {
      add("SuffixTransformer",
          [suffix = file_.name_suffix, config = config_](std::vector<Draft>& drafts) {
            return add_name_suffix(drafts, suffix, config->name_suffix);
          });
    }
  }

  Result<void> add_labels() {
    if (file_.labels.empty() && file_.common_labels.empty()) return {};
    for (const LabelRule& rule : file_.labels) {
      add_pairs("LabelTransformer", rule.pairs, TRY(label_fields(rule, *config_)));
    }
    // Also without common labels: kustomize tells of it among the transformations.
    add_pairs("LabelTransformer", file_.common_labels, config_->common_labels);
    return {};
  }

  void add_annotations() {
    if (file_.common_annotations.empty()) return;
    add_pairs("AnnotationsTransformer", file_.common_annotations, config_->common_annotations);
  }

  void add_pairs(std::string_view kind, const TextPairs& pairs, std::vector<FieldSpec> fields) {
    add(kind, [pairs, fields = std::move(fields)](std::vector<Draft>& drafts) {
      return set_pairs(drafts, pairs, fields);
    });
  }

  void add_replicas() {
    for (const ReplicaRule& rule : file_.replicas) {
      add_placed("ReplicaCountTransformer",
                 [rule, config = config_, file = file_.path](std::vector<Draft>& drafts) {
                   return set_replica_counts(drafts, rule, config->replicas, file);
                 });
    }
  }

  void add_images() {
    for (const ImageRule& rule : file_.images) {
      add_placed("ImageTagTransformer",
                 [rule, config = config_, file = file_.path](std::vector<Draft>& drafts) {
                   return set_images(drafts, rule, config->images, file);
                 });
    }
  }

  Result<void> add_replacements() {
    if (file_.replacements.empty()) return {};
    auto loaded = load_replacements(file_.replacements, sources_.loader, file_.path);
    if (!loaded) return std::unexpected(std::move(loaded).error());
    add_placed("ReplacementTransformer",
               [replacements = std::move(*loaded),
                limits = sources_.loader.limits()](std::vector<Draft>& drafts) {
                 return apply_replacements(drafts, replacements, limits);
               });
    return {};
  }

  const KustomizationFile& file_;
  SharedConfig config_;
  const TransformerSources& sources_;
  std::vector<Transformer> steps_;
};

}  // namespace

Result<std::vector<Transformer>> own_transformers(const KustomizationFile& file,
                                                  const SharedConfig& config,
                                                  const TransformerSources& sources) {
  return OwnTransformers(file, config, sources).all();
}

Result<void> run_transformers(std::vector<Draft>& drafts,
                              const std::vector<Transformer>& transformers) {
  for (const Transformer& transformer : transformers) {
    TRY(transformer.run(drafts));
    if (transformer.origin) TRY(add_transformation(drafts, *transformer.origin));
    std::erase_if(drafts, [](const Draft& draft) { return draft.object.as_object()->empty(); });
  }
  return {};
}

}  // namespace primocane
