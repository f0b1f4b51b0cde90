// SPDX-License-Identifier: Apache-2.0
#include "render/flux_build.hpp"

#include "flux/substitution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

BuildMetadata build_metadata_of(const std::vector<std::string>& options) {
  const auto has = [&options](std::string_view option) {
    return std::ranges::find(options, option) != options.end();
  };
  return {.is_there = !options.empty(),
          .origin_annotations = has("originAnnotations"),
          .transformer_annotations = has("transformerAnnotations"),
          .managed_by_label = has("managedByLabel")};
}

PatchRule patch_rule_of(const BuildPatch& patch, std::size_t index) {
  PatchRule rule;
  rule.patch = patch.text;
  rule.place = fmt::format("spec.patches[{}]", index);
  if (!patch.target) return rule;
  Selector target;
  target.group = patch.target->group;
  target.version = patch.target->version;
  target.kind = patch.target->kind;
  target.name = patch.target->name;
  target.namespace_name = patch.target->namespace_name;
  target.label_selector = patch.target->label_selector;
  target.annotation_selector = patch.target->annotation_selector;
  rule.target = std::move(target);
  return rule;
}

// A tag and a digest both say which version is meant, so that one of them replaces both.
void add_image(std::vector<ImageRule>& rules, const BuildImage& image) {
  const auto rule = std::ranges::find(rules, image.name, &ImageRule::name);
  if (rule == rules.end()) {
    ImageRule fresh;
    fresh.name = image.name;
    fresh.new_name = image.new_name;
    fresh.new_tag = image.new_tag;
    fresh.digest = image.digest;
    rules.push_back(std::move(fresh));
    return;
  }
  if (!image.new_name.empty()) rule->new_name = image.new_name;
  if (image.new_tag.empty() && image.digest.empty()) return;
  rule->new_tag = image.new_tag;
  rule->digest = image.digest;
}

Result<bool> is_absent(const std::string& component, const FileLoader& loader) {
  const Result<RelativePath> path = loader.path_of(component);
  if (!path) return true;
  return TRY(loader.tree().kind(*path)) == EntryKind::absent;
}

// ssa/utils, SetCommonMetadata.
void set_common(Draft& draft, std::string_view key,
                const std::map<std::string, std::string>& pairs) {
  if (pairs.empty()) return;
  Value& marks = metadata_of(draft)[key];
  if (marks.is_null()) marks = Object();
  Object* const members = marks.as_object();
  // What is no mapping is refused further on.
  if (members == nullptr) return;
  for (const auto& [name, value] : pairs) members->set(name, value);
}

Result<void> substitute_in(Draft& draft, const Substitution& substitution,
                           const DocumentLimits& limits) {
  Result<ConfidentialFields> confidential = substitution.apply(draft.object, limits);
  if (!confidential) return invalid_draft(draft, confidential.error().message);
  std::ranges::move(draft.confidential, std::back_inserter(*confidential));
  Draft fresh = TRY(make_draft(std::move(draft.object), std::move(draft.origin)));
  fresh.has_no_namespace = draft.has_no_namespace;
  fresh.confidential = std::move(*confidential);
  draft = std::move(fresh);
  return {};
}

}  // namespace

Result<void> add_settings(KustomizationFile& file, const BuildSettings& settings,
                          const FileLoader& loader) {
  if (!settings.target_namespace.empty()) file.namespace_name = settings.target_namespace;
  if (!settings.name_prefix.empty()) file.name_prefix = settings.name_prefix;
  if (!settings.name_suffix.empty()) file.name_suffix = settings.name_suffix;
  for (std::size_t i = 0; i < settings.patches.size(); ++i) {
    file.patches.push_back(patch_rule_of(settings.patches[i], i));
  }
  for (const std::string& component : settings.components) {
    if (settings.ignores_missing_components && TRY(is_absent(component, loader))) continue;
    file.components.push_back({.text = component, .line = 0});
  }
  for (const BuildImage& image : settings.images) add_image(file.images, image);
  if (!settings.build_metadata.empty()) {
    file.build_metadata = build_metadata_of(settings.build_metadata);
  }
  return {};
}

Result<void> finish_drafts(std::vector<Draft>& drafts, const BuildSettings& settings,
                           const DocumentLimits& limits) {
  const Substitution substitution(settings.variables, settings.strategy,
                                  settings.confidential_variables);
  for (Draft& draft : drafts) {
    if (substitution.is_wanted()) TRY(substitute_in(draft, substitution, limits));
    set_common(draft, "labels", settings.common_labels);
    set_common(draft, "annotations", settings.common_annotations);
  }
  return {};
}

}  // namespace primocane
