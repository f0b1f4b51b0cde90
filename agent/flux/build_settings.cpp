// SPDX-License-Identifier: Apache-2.0
#include "flux/build_settings.hpp"

#include "base/base64.hpp"
#include "base/letter_case.hpp"
#include "base/take_until.hpp"
#include "document/utf8.hpp"
#include "resource/ignored_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view always_word = "Always";

// fluxcd/pkg kustomize, IsLocalRelativePath.
bool is_local_relative_path(std::string_view path) {
  constexpr std::array<std::string_view, 8> remotes{
      "git::", "gh:", "ssh://", "https://", "http://", "git@", "github.com:", "github.com/"};
  const std::string lower = in_lower_case(std::string(path));
  const bool is_remote = std::ranges::any_of(remotes, [&lower](std::string_view prefix) {
    return lower.size() > prefix.size() && lower.starts_with(prefix);
  });
  return !is_remote && !lower.starts_with('/') && !lower.starts_with("file:///");
}

PatchTarget read_patch_target(SpecReader target) {
  return {.group = target.text("group"),
          .version = target.text("version"),
          .kind = target.text("kind"),
          .namespace_name = target.text("namespace"),
          .name = target.text("name"),
          .label_selector = target.text("labelSelector"),
          .annotation_selector = target.text("annotationSelector")};
}

std::vector<BuildPatch> read_build_patches(SpecReader& spec) {
  std::vector<BuildPatch> patches;
  for (SpecReader& item : spec.items("patches")) {
    BuildPatch patch;
    patch.text = item.required_text("patch");
    if (SpecReader target = item.mapping("target"); target.is_there()) {
      patch.target = read_patch_target(std::move(target));
    }
    patches.push_back(std::move(patch));
  }
  return patches;
}

std::vector<BuildImage> read_build_images(SpecReader& spec) {
  std::vector<BuildImage> images;
  for (SpecReader& item : spec.items("images")) {
    BuildImage image;
    image.name = item.required_text("name");
    image.new_name = item.text("newName");
    image.new_tag = item.text("newTag");
    image.digest = item.text("digest");
    images.push_back(std::move(image));
  }
  return images;
}

// Which fields of the objects others may change.
Value read_ignore(SpecReader& spec) {
  const Value* const rules = spec.value("ignore");
  if (rules == nullptr) return {};
  const Result<IgnoreRules> read = IgnoreRules::read(rules);
  if (read) return *rules;
  std::string_view message = read.error().message;
  const std::string_view field = take_until(message, ' ');
  spec.wrong(field, message);
  return {};
}

std::vector<std::string> read_components(SpecReader& spec) {
  std::vector<std::string> components = spec.texts("components");
  for (const std::string& component : components) {
    if (is_local_relative_path(component)) continue;
    spec.wrong("components", fmt::format("holds \"{}\": only folders of the source can be "
                                         "components, by relative paths",
                                         component));
  }
  return components;
}

// Without what is not set.
Object texts_object(std::initializer_list<std::pair<std::string_view, std::string_view>> texts) {
  Object members;
  for (const auto& [key, text] : texts) {
    if (!text.empty()) members.append(std::string(key), text);
  }
  return members;
}

Value text_list(const std::vector<std::string>& texts) {
  Array items;
  items.reserve(texts.size());
  for (const std::string& text : texts) items.emplace_back(text);
  return items;
}

Value text_mapping(const std::map<std::string, std::string>& texts) {
  Object members;
  for (const auto& [key, text] : texts) members.append(key, text);
  return members;
}

Value write_patch(const BuildPatch& patch) {
  Object item{{"patch", patch.text}};
  if (!patch.target) return item;
  const PatchTarget& target = *patch.target;
  item.append("target", texts_object({{"group", target.group},
                                      {"version", target.version},
                                      {"kind", target.kind},
                                      {"namespace", target.namespace_name},
                                      {"name", target.name},
                                      {"labelSelector", target.label_selector},
                                      {"annotationSelector", target.annotation_selector}}));
  return item;
}

// A Secret may hold what JSON cannot: such a value goes in base64.
Value write_variables(const BuildSettings& settings) {
  Object texts;
  Object others;
  for (const auto& [name, value] : settings.variables) {
    if (is_utf8(value)) {
      texts.append(name, value);
    } else {
      others.append(name, to_base64(value));
    }
  }
  Object written{{"substitute", std::move(texts)}, {"binary", std::move(others)}};
  if (settings.strategy == SubstituteStrategy::always) {
    written.append("substituteStrategy", always_word);
  }
  if (!settings.confidential_variables.empty()) {
    const std::set<std::string>& names = settings.confidential_variables;
    written.append("confidential", text_list({names.begin(), names.end()}));
  }
  return written;
}

void read_variables(SpecReader reader, BuildSettings& settings) {
  for (auto& [name, value] : reader.text_map("substitute")) {
    settings.variables.insert_or_assign(name, std::move(value));
  }
  for (const auto& [name, value] : reader.text_map("binary")) {
    Result<std::string> bytes = from_base64(value);
    if (!bytes) reader.wrong("binary", "holds a value that is no base64");
    settings.variables.insert_or_assign(name, bytes ? std::move(*bytes) : std::string());
  }
  for (std::string& name : reader.texts("confidential")) {
    settings.confidential_variables.insert(std::move(name));
  }
  if (reader.text("substituteStrategy") == always_word) {
    settings.strategy = SubstituteStrategy::always;
  }
}

}  // namespace

BuildSettings read_build_settings(SpecReader& spec) {
  BuildSettings settings;
  settings.target_namespace = spec.text("targetNamespace");
  settings.name_prefix = spec.text("namePrefix");
  settings.name_suffix = spec.text("nameSuffix");
  settings.patches = read_build_patches(spec);
  settings.components = read_components(spec);
  settings.ignores_missing_components = spec.flag("ignoreMissingComponents").value_or(false);
  settings.images = read_build_images(spec);
  settings.build_metadata = spec.texts("buildMetadata");
  SpecReader common = spec.mapping("commonMetadata");
  settings.common_labels = common.text_map("labels");
  settings.common_annotations = common.text_map("annotations");
  settings.ignore = read_ignore(spec);
  return settings;
}

Value write_build_settings(const BuildSettings& settings) {
  Array patches;
  for (const BuildPatch& patch : settings.patches) patches.push_back(write_patch(patch));
  Array images;
  for (const BuildImage& image : settings.images) {
    images.emplace_back(texts_object({{"name", image.name},
                                      {"newName", image.new_name},
                                      {"newTag", image.new_tag},
                                      {"digest", image.digest}}));
  }
  Object spec = texts_object({{"targetNamespace", settings.target_namespace},
                              {"namePrefix", settings.name_prefix},
                              {"nameSuffix", settings.name_suffix}});
  spec.append("patches", std::move(patches));
  spec.append("components", text_list(settings.components));
  spec.append("ignoreMissingComponents", settings.ignores_missing_components);
  spec.append("images", std::move(images));
  spec.append("buildMetadata", text_list(settings.build_metadata));
  Object common{{"labels", text_mapping(settings.common_labels)},
                {"annotations", text_mapping(settings.common_annotations)}};
  spec.append("commonMetadata", std::move(common));
  spec.append("postBuild", write_variables(settings));
  if (!settings.ignore.is_null()) spec.append("ignore", settings.ignore);
  return Object{{"spec", std::move(spec)}};
}

Result<BuildSettings> read_build_settings(const Value& written) {
  const Resource object{.id = {}, .version = {}, .object = written, .origin = {}};
  SpecFault fault(object);
  BuildSettings settings;
  {
    SpecReader spec(object, fault);
    if (!spec.is_there()) fault.note("spec", "is missing");
    settings = read_build_settings(spec);
    read_variables(spec.mapping("postBuild"), settings);
  }
  TRY(fault.result());
  return settings;
}

}  // namespace primocane
