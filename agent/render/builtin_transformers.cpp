// SPDX-License-Identifier: Apache-2.0
// Transformers that an object with apiVersion "builtin" configures (api/internal/builtins of
// kustomize 5.8.1).
#include "document/schema_reader.hpp"
#include "render/content_hash.hpp"
#include "render/field_reader.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/name_affixes.hpp"
#include "render/namespace_transformer.hpp"
#include "render/object_fields.hpp"
#include "render/patches.hpp"
#include "render/plugin_kinds.hpp"
#include "render/replacements.hpp"
#include "render/transformers.hpp"
#include "render/value_add.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// What a transformer is made from: its configuration, and a reader for it.
struct Configuration {
  const Draft& draft;
  const TransformerSources& sources;
  FieldReader reader;
  std::string place;  // file and line, for messages

  [[nodiscard]] Result<Object> fields(std::initializer_list<std::string_view> known) const {
    return reader.fields(draft.object, draft.id.kind.kind, known);
  }
};

using Fields = std::vector<FieldSpec>;

Result<Transform> make_pairs(const Configuration& from, std::string_view key) {
  const Object read = TRY(from.fields({key, "fieldSpecs"}));
  const TextPairs pairs = TRY(from.reader.text_map_of(read, key));
  const Fields specs = TRY(from.reader.field_specs_of(read, "fieldSpecs"));
  return [pairs, specs](std::vector<Draft>& drafts) { return set_pairs(drafts, pairs, specs); };
}

Result<Transform> make_annotations(const Configuration& from) {
  return make_pairs(from, "annotations");
}

Result<Transform> make_labels(const Configuration& from) { return make_pairs(from, "labels"); }

Result<Transform> make_hash(const Configuration& /*from*/) { return Transform(add_hashes); }

Result<BindingSubjects> read_subjects(const std::string& text, const Configuration& from) {
  if (text.empty() || text == "defaultOnly") return BindingSubjects::default_only;
  if (text == "allServiceAccounts") return BindingSubjects::service_accounts;
  if (text == "none") return BindingSubjects::none;
  return from.reader.bad(from.draft.object,
                         fmt::format("setRoleBindingSubjects must be \"defaultOnly\", "
                                     "\"allServiceAccounts\" or \"none\", not \"{}\"",
                                     text));
}

Result<Transform> make_namespace(const Configuration& from) {
  const Object read =
      TRY(from.fields({"metadata", "fieldSpecs", "unsetOnly", "setRoleBindingSubjects"}));
  NamespaceRule rule;
  rule.name = from.draft.id.namespace_name;
  rule.fields = TRY(from.reader.field_specs_of(read, "fieldSpecs"));
  rule.set =
      TRY(from.reader.flag_of(read, "unsetOnly")) ? SetNamespace::unset_only : SetNamespace::all;
  const std::string subjects = TRY(from.reader.text_of(read, "setRoleBindingSubjects"));
  rule.subjects = TRY(read_subjects(subjects, from));
  return [rule](std::vector<Draft>& drafts) { return set_namespace(drafts, rule); };
}

// A missing list of fields is an error in kustomize, since nothing would ever happen.
Result<Fields> affix_fields(const Object& read, const Configuration& from) {
  if (read.contains("fieldSpecs")) return from.reader.field_specs_of(read, "fieldSpecs");
  return from.reader.bad(from.draft.object, "fieldSpecs is missing");
}

Result<Transform> make_prefix(const Configuration& from) {
  const Object read = TRY(from.fields({"prefix", "fieldSpecs"}));
  const std::string prefix = TRY(from.reader.text_of(read, "prefix"));
  const Fields specs = TRY(affix_fields(read, from));
  return [prefix, specs](std::vector<Draft>& drafts) {
    return add_name_prefix(drafts, prefix, specs);
  };
}

Result<Transform> make_suffix(const Configuration& from) {
  const Object read = TRY(from.fields({"suffix", "fieldSpecs"}));
  const std::string suffix = TRY(from.reader.text_of(read, "suffix"));
  const Fields specs = TRY(affix_fields(read, from));
  return [suffix, specs](std::vector<Draft>& drafts) {
    return add_name_suffix(drafts, suffix, specs);
  };
}

Result<Transform> make_prefix_and_suffix(const Configuration& from) {
  const Transform prefix = TRY(make_prefix(from));
  const Transform suffix = TRY(make_suffix(from));
  return [prefix, suffix](std::vector<Draft>& drafts) -> Result<void> {
    TRY(prefix(drafts));
    return suffix(drafts);
  };
}

Result<Transform> make_images(const Configuration& from) {
  const Object read = TRY(from.fields({"imageTag", "fieldSpecs"}));
  const Value* tag = read.find("imageTag");
  const ImageRule rule = TRY(read_image_rule(tag == nullptr ? Value() : *tag, from.reader));
  const Fields specs = TRY(from.reader.field_specs_of(read, "fieldSpecs"));
  return [rule, specs, file = from.reader.path()](std::vector<Draft>& drafts) {
    return set_images(drafts, rule, specs, file);
  };
}

Result<Transform> make_replicas(const Configuration& from) {
  const Object read = TRY(from.fields({"replica", "fieldSpecs"}));
  const Value* replica = read.find("replica");
  const ReplicaRule rule =
      TRY(read_replica_rule(replica == nullptr ? Value() : *replica, from.reader));
  const Fields specs = TRY(from.reader.field_specs_of(read, "fieldSpecs"));
  return [rule, specs, file = from.reader.path()](std::vector<Draft>& drafts) {
    return set_replica_counts(drafts, rule, specs, file);
  };
}

Transform applying(std::vector<LoadedPatch> patches, const PatchSchema& schema) {
  return [patches = std::move(patches), &schema](std::vector<Draft>& drafts) -> Result<void> {
    for (const LoadedPatch& patch : patches) TRY(apply_patch(drafts, patch, schema));
    return {};
  };
}

Result<Transform> make_patch(const Configuration& from) {
  const PatchRule rule = TRY(read_patch_rule(from.draft.object, from.reader));
  std::vector<LoadedPatch> patches;
  patches.push_back(TRY(load_patch(rule, from.sources.loader, from.place)));
  return applying(std::move(patches), from.sources.schema);
}

Result<Transform> make_json_patch(const Configuration& from) {
  const Object read = TRY(from.fields({"target", "path", "jsonOp"}));
  PatchRule rule;
  rule.path = TRY(from.reader.text_of(read, "path"));
  rule.patch = TRY(from.reader.text_of(read, "jsonOp"));
  if (const Value* target = read.find("target"); target != nullptr) {
    rule.target = TRY(read_selector(*target, from.reader));
  }
  std::vector<LoadedPatch> patches;
  patches.push_back(TRY(load_json_patch(rule, from.sources.loader, from.place)));
  return applying(std::move(patches), from.sources.schema);
}

Result<Transform> make_merge_patches(const Configuration& from) {
  const Object read = TRY(from.fields({"paths", "patches"}));
  std::vector<LoadedPatch> patches;
  for (const std::string& path : TRY(from.reader.texts_of(read, "paths"))) {
    patches.push_back(TRY(load_merge_patches(path, from.sources.loader, from.place)));
  }
  const std::string text = TRY(from.reader.text_of(read, "patches"));
  if (!text.empty()) {
    patches.push_back(TRY(read_merge_patches(text, from.sources.loader, from.place)));
  }
  const bool is_empty =
      std::ranges::all_of(patches, [](const LoadedPatch& patch) { return patch.merges.empty(); });
  if (is_empty) return from.reader.bad(from.draft.object, "there is no patch in it");
  return applying(std::move(patches), from.sources.schema);
}

Result<Transform> make_replacements(const Configuration& from) {
  const Object read = TRY(from.fields({"replacements"}));
  std::vector<ReplacementRule> rules;
  for (const Value& item : TRY(from.reader.items_of(read, "replacements"))) {
    rules.push_back(TRY(read_replacement_rule(item, from.reader)));
  }
  auto loaded = TRY(load_replacements(rules, from.sources.loader, from.reader.path()));
  return [replacements = std::move(loaded),
          limits = from.sources.loader.limits()](std::vector<Draft>& drafts) {
    return apply_replacements(drafts, replacements, limits);
  };
}

Result<Transform> make_value_add(const Configuration& from) {
  ValueAddRule rule = TRY(read_value_add(from.draft.object, from.reader, from.sources.loader));
  std::vector<std::optional<TargetSelector>> selectors;
  for (const ValueTarget& target : rule.targets) {
    selectors.emplace_back();
    if (!target.selector) continue;
    const FieldReader reader(target.file, UnknownFields::ignored);
    const Selector selector = TRY(read_selector(*target.selector, reader));
    selectors.back() = TRY(TargetSelector::make(selector, target.file));
  }
  return [rule = std::move(rule),
          selectors = std::move(selectors)](std::vector<Draft>& drafts) -> Result<void> {
    for (std::size_t i = 0; i < selectors.size(); ++i) {
      for (Draft& draft : drafts) {
        if (selectors[i] && !TRY(is_selected(*selectors[i], draft))) continue;
        TRY(add_value(draft, rule.targets[i], rule.value));
      }
    }
    return {};
  };
}

struct Kind {
  std::string_view name;
  Result<Transform> (*make)(const Configuration&);
};

// api/internal/plugins/builtinhelpers/builtins.go, TransformerFactories.
constexpr std::array<Kind, 14> kinds = {{
    {"AnnotationsTransformer", make_annotations},
    {"HashTransformer", make_hash},
    {"ImageTagTransformer", make_images},
    {"LabelTransformer", make_labels},
    {"NamespaceTransformer", make_namespace},
    {"PatchJson6902Transformer", make_json_patch},
    {"PatchStrategicMergeTransformer", make_merge_patches},
    {"PatchTransformer", make_patch},
    {"PrefixSuffixTransformer", make_prefix_and_suffix},
    {"PrefixTransformer", make_prefix},
    {"SuffixTransformer", make_suffix},
    {"ReplacementTransformer", make_replacements},
    {"ReplicaCountTransformer", make_replicas},
    {"ValueAddTransformer", make_value_add},
}};

}  // namespace

Result<Transformer> builtin_transformer(const Draft& configuration,
                                        const TransformerSources& sources) {
  TRY(require_builtin(configuration));
  const auto* const kind = std::ranges::find(kinds, configuration.id.kind.kind, &Kind::name);
  if (kind == kinds.end()) {
    return invalid_draft(configuration, "kustomize has no transformer of this kind");
  }
  const Configuration from{.draft = configuration,
                           .sources = sources,
                           .reader = FieldReader(configuration.origin.path, UnknownFields::ignored),
                           .place = to_string(configuration.origin)};
  Transform run = TRY(kind->make(from));
  return Transformer{.run = std::move(run), .origin = configured_by_object(configuration)};
}

}  // namespace primocane
