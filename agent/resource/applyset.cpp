// SPDX-License-Identifier: Apache-2.0
#include "resource/applyset.hpp"

#include "base/sha256.hpp"
#include "base/take_until.hpp"
#include "document/json.hpp"
#include "resource/names.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Values of removal_annotation; the last one is followed by a number of seconds.
constexpr std::string_view delete_word = "delete";
constexpr std::string_view wait_words = "delete-and-wait=";

// A server takes 256 KiB for all annotations of an object (apimachinery,
// TotalAnnotationSizeLimitB); this much is left to the marks and to the Jobs.
constexpr std::size_t prune_marks_bytes_max = 128UL * 1024;
constexpr std::size_t jobs_bytes_max = 64UL * 1024;

std::string id_of(std::string_view parent) {
  const std::string identity = fmt::format("{}.{}.ConfigMap.", parent, system_namespace);
  return fmt::format("applyset-{}-v1", to_base64_url(sha256(identity)));
}

std::string group_kinds_text(const std::set<GroupKind>& group_kinds) {
  std::vector<std::string> texts;
  texts.reserve(group_kinds.size());
  for (const GroupKind& group_kind : group_kinds) texts.push_back(to_string(group_kind));
  std::ranges::sort(texts);
  return fmt::format("{}", fmt::join(texts, ","));
}

// The parts of `text` between commas, without empty ones.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::string_view part = take_until(text, ',');
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

std::set<GroupKind> read_group_kinds(std::string_view text) {
  std::set<GroupKind> group_kinds;
  for (std::string_view group : split_list(text)) {
    const std::string_view kind = take_until(group, '.');
    if (kind.empty()) continue;
    group_kinds.insert({.group = std::string(group), .kind = std::string(kind)});
  }
  return group_kinds;
}

// "apps/Deployment/home/web"; no part of an identity holds a slash.
std::string identity_key(const ResourceId& id) {
  return fmt::format("{}/{}/{}/{}", id.group, id.kind, id.namespace_name, id.name);
}

std::optional<ResourceId> read_identity_key(std::string_view key) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t slash = key.find('/');
    parts.emplace_back(key.substr(0, slash));
    if (slash == std::string_view::npos) break;
    key.remove_prefix(slash + 1);
  }
  if (parts.size() != 4 || parts[1].empty() || parts[3].empty()) return std::nullopt;
  return ResourceId{.group = std::move(parts[0]),
                    .kind = std::move(parts[1]),
                    .namespace_name = std::move(parts[2]),
                    .name = std::move(parts[3])};
}

std::string prune_marks_text(const std::map<ResourceId, PruneMark>& marks) {
  Object members;
  std::size_t bytes = 0;
  for (const auto& [id, mark] : marks) {
    if (mark == PruneMark::unmarked) continue;
    std::string key = identity_key(id);
    bytes += key.size() + std::string_view(R"("":"disabled",)").size();
    if (bytes > prune_marks_bytes_max) break;
    members.append(std::move(key), to_string(mark));
  }
  return write_json(members);
}

// What cannot be read is left out: an unknown mark is no mark.
std::map<ResourceId, PruneMark> read_prune_marks(std::string_view text) {
  std::map<ResourceId, PruneMark> marks;
  const auto value = read_json(text, prune_marks_annotation);
  if (!value || !value->is_object()) return marks;
  for (const auto& [key, word] : *value->as_object()) {
    auto id = read_identity_key(key);
    if (!id) continue;
    if (word == Value("disabled")) marks.emplace(std::move(*id), PruneMark::disabled);
    if (word == Value("allowed")) marks.emplace(std::move(*id), PruneMark::allowed);
  }
  return marks;
}

std::string jobs_text(const std::map<ResourceId, Fingerprint>& jobs) {
  Object members;
  std::size_t bytes = 0;
  for (const auto& [id, hash] : jobs) {
    std::string key = identity_key(id);
    std::string value = to_string(hash);
    bytes += key.size() + value.size() + std::string_view(R"("":"",)").size();
    if (bytes > jobs_bytes_max) break;
    members.append(std::move(key), std::move(value));
  }
  return write_json(members);
}

// What cannot be read is left out: at worst a Job runs again.
std::map<ResourceId, Fingerprint> read_jobs(std::string_view text) {
  std::map<ResourceId, Fingerprint> jobs;
  const auto value = read_json(text, jobs_annotation);
  if (!value || !value->is_object()) return jobs;
  for (const auto& [key, word] : *value->as_object()) {
    auto id = read_identity_key(key);
    if (!id || word.as_string() == nullptr) continue;
    const Result<Fingerprint> hash = parse_fingerprint(*word.as_string());
    if (hash) jobs.emplace(std::move(*id), *hash);
  }
  return jobs;
}

std::optional<KustomizationName> read_kustomization_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  return KustomizationName{.namespace_name = std::string(text.substr(0, slash)),
                           .name = std::string(text.substr(slash + 1))};
}

std::string removal_words(const Parent& parent) {
  switch (parent.on_removal) {
    case OnRemoval::prune:
      return {};
    case OnRemoval::remove:
      return std::string(delete_word);
    case OnRemoval::remove_and_wait:
      return fmt::format("{}{}", wait_words, parent.removal_wait.count());
    case OnRemoval::orphan:
      return "orphan";
  }
  return {};
}

// What a later version says keeps the members.
void read_removal_words(std::string_view words, Parent& parent) {
  parent.on_removal = OnRemoval::orphan;
  if (words.empty()) parent.on_removal = OnRemoval::prune;
  if (words == delete_word) parent.on_removal = OnRemoval::remove;
  if (!words.starts_with(wait_words)) return;
  words.remove_prefix(wait_words.size());
  std::int32_t seconds = 0;
  const auto [end, error] = std::from_chars(words.begin(), words.end(), seconds);
  if (error != std::errc() || end != words.end() || seconds < 0) return;
  parent.on_removal = OnRemoval::remove_and_wait;
  parent.removal_wait = std::chrono::seconds(seconds);
}

void set_unless_empty(Object& members, std::string_view key, std::string text) {
  if (!text.empty()) members.set(key, std::move(text));
}

}  // namespace

std::string parent_name(const KustomizationName& name) {
  std::string full = fmt::format("{}.{}", name.namespace_name, name.name);
  if (full.size() <= name_length_max) return full;
  constexpr std::size_t hash_digits = 16;
  const std::string hash = to_hex(sha256(full)).substr(0, hash_digits);
  return fmt::format("{}-{}", full.substr(0, name_length_max - hash_digits - 1), hash);
}

std::string applyset_id(const KustomizationName& name) { return id_of(parent_name(name)); }

Value write_parent(const Parent& parent) {
  Object annotations;
  annotations.set(applyset_tooling_annotation, applyset_tooling);
  annotations.set(applyset_group_kinds_annotation, group_kinds_text(parent.group_kinds));
  // KEP-3659 reserves the empty list of namespaces.
  set_unless_empty(annotations, applyset_namespaces_annotation,
                   fmt::format("{}", fmt::join(parent.namespaces, ",")));
  annotations.set(kustomization_annotation, to_string(parent.kustomization));
  set_unless_empty(annotations, revision_annotation, parent.revision);
  set_unless_empty(annotations, writer_annotation, parent.writer);
  if (parent.rendering) annotations.set(rendering_annotation, to_string(*parent.rendering));
  if (parent.contained) annotations.set(contained_annotation, to_string(*parent.contained));
  if (!parent.prune_marks.empty()) {
    annotations.set(prune_marks_annotation, prune_marks_text(parent.prune_marks));
  }
  if (parent.members > 0) annotations.set(members_annotation, std::to_string(parent.members));
  set_unless_empty(annotations, confirmed_prune_annotation, parent.confirmed_prune);
  set_unless_empty(annotations, removal_annotation, removal_words(parent));
  if (!parent.jobs.empty()) annotations.set(jobs_annotation, jobs_text(parent.jobs));
  if (parent.pause) annotations.set(pause_annotation, write_pause(*parent.pause));
  Object metadata{{"name", parent_name(parent.kustomization)},
                  {"namespace", system_namespace},
                  {"labels", Object{{std::string(applyset_id_label), parent.id}}},
                  {"annotations", std::move(annotations)}};
  return Object{{"apiVersion", "v1"}, {"kind", "ConfigMap"}, {"metadata", std::move(metadata)}};
}

JsonPointer part_of_pointer() {
  return JsonPointer().child("metadata").child("labels").child(std::string(applyset_part_of_label));
}

std::string let_go_patch() {
  return write_json(Array{Object{{"op", "remove"}, {"path", part_of_pointer().str()}}});
}

std::string resume_patch() {
  const JsonPointer annotation =
      JsonPointer().child("metadata").child("annotations").child(std::string(pause_annotation));
  return write_json(Array{Object{{"op", "remove"}, {"path", annotation.str()}}});
}

bool is_our_tooling(std::string_view tooling) {
  return tooling.substr(0, tooling.find('/')) ==
         applyset_tooling.substr(0, applyset_tooling.find('/'));
}

Parent read_marks(const Value& config_map) {
  const auto annotation = [&](std::string_view key) {
    return config_map.text_at("metadata", "annotations", key);
  };
  Parent parent;
  parent.group_kinds = read_group_kinds(annotation(applyset_group_kinds_annotation));
  for (const std::string_view part : split_list(annotation(applyset_namespaces_annotation))) {
    parent.namespaces.emplace(part);
  }
  parent.revision = annotation(revision_annotation);
  parent.writer = annotation(writer_annotation);
  if (auto rendering = parse_fingerprint(annotation(rendering_annotation))) {
    parent.rendering = *rendering;
  }
  if (auto contained = parse_fingerprint(annotation(contained_annotation))) {
    parent.contained = *contained;
  }
  parent.prune_marks = read_prune_marks(annotation(prune_marks_annotation));
  parent.jobs = read_jobs(annotation(jobs_annotation));
  parent.confirmed_prune = annotation(confirmed_prune_annotation);
  read_removal_words(annotation(removal_annotation), parent);
  if (config_map.find("metadata", "annotations", pause_annotation) != nullptr) {
    parent.pause = read_pause(annotation(pause_annotation));
  }
  const std::string_view members = annotation(members_annotation);
  std::from_chars(members.data(), members.data() + members.size(), parent.members);
  return parent;
}

std::optional<Parent> read_parent(const Value& config_map) {
  const auto annotation = [&](std::string_view key) {
    return config_map.text_at("metadata", "annotations", key);
  };
  if (!is_our_tooling(annotation(applyset_tooling_annotation))) return std::nullopt;
  auto kustomization = read_kustomization_name(annotation(kustomization_annotation));
  if (!kustomization) return std::nullopt;
  const std::string_view name = config_map.text_at("metadata", "name");
  const std::string_view id = config_map.text_at("metadata", "labels", applyset_id_label);
  const bool fits = config_map.text_at("metadata", "namespace") == system_namespace &&
                    name == parent_name(*kustomization) && id == id_of(name);
  if (!fits) return std::nullopt;

  Parent parent = read_marks(config_map);
  parent.kustomization = std::move(*kustomization);
  parent.id = id;
  return parent;
}

}  // namespace primocane
