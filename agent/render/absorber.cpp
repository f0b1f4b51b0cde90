// SPDX-License-Identifier: Apache-2.0
#include "render/absorber.hpp"

#include "document/written_scalar.hpp"
#include "render/build_metadata.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::string_view to_string(GeneratorBehavior behavior) {
  switch (behavior) {
    case GeneratorBehavior::unspecified:
      return "none";
    case GeneratorBehavior::create:
      return "create";
    case GeneratorBehavior::replace:
      return "replace";
    case GeneratorBehavior::merge:
      return "merge";
  }
  return {};
}

bool needs_old(GeneratorBehavior behavior) {
  return behavior == GeneratorBehavior::replace || behavior == GeneratorBehavior::merge;
}

const Object* mapping_at(const Value* value) {
  return value == nullptr ? nullptr : value->as_object();
}

// What is in `old` and not in `own`, as texts, joins it; `own` sorted by keys.
Object merged_texts(const Object* old, const Object* own) {
  std::map<std::string_view, std::string_view> texts;
  for (const Object* members : {old, own}) {
    if (members == nullptr) continue;
    for (const auto& [key, value] : *members) texts[key] = value.scalar_text();
  }
  Object merged;
  merged.reserve(texts.size());
  for (const auto& [key, text] : texts) merged.append(std::string(key), text);
  return merged;
}

void merge_texts(Object& own, std::string_view key, const Value* old) {
  Object merged = merged_texts(mapping_at(old), mapping_at(own.find(key)));
  if (merged.empty()) {
    own.erase(key);
  } else {
    own.set(key, std::move(merged));
  }
}

// api/resource/resource.go, CopyMergeMetaDataFieldsFrom.
void take_metadata(Draft& draft, Draft& old) {
  Object& metadata = metadata_of(draft);
  merge_texts(metadata, "labels", old.object.find("metadata", "labels"));
  merge_texts(metadata, "annotations", old.object.find("metadata", "annotations"));
  metadata.set("name", old.id.name);
  if (old.id.namespace_name.empty()) {
    metadata.erase("namespace");
  } else {
    metadata.set("namespace", old.id.namespace_name);
  }
  read_id(draft);
  draft.previous = std::move(old.previous);
  draft.prefixes = std::move(old.prefixes);
  draft.suffixes = std::move(old.suffixes);
  draft.var_names = std::move(old.var_names);
  draft.behavior = old.behavior;
  draft.needs_hash = draft.needs_hash && old.needs_hash;
}

// A number becomes the text that it was written with ("1.10").
Result<void> make_numbers_texts(Draft& old, std::string_view key) {
  Value* const data = old.object.as_object()->find(key);
  if (data == nullptr || !data->is_object()) return {};
  for (auto& [name, value] : *data->as_object()) {
    if (value.as_number() == nullptr) continue;
    std::optional<std::string> text = written_text(value);
    if (!text) {
      return invalid_draft(old, fmt::format("{}.{} is a number with an unusual spelling: quote it, "
                                            "so that the generated data can be merged with it",
                                            key, name));
    }
    value = std::move(*text);
  }
  return {};
}

Result<void> merge_data(Draft& draft, Draft& old) {
  Object& object = *draft.object.as_object();
  for (const std::string_view key : {"data", "binaryData"}) {
    TRY(make_numbers_texts(old, key));
    merge_texts(object, key, old.object.find(key));
  }
  return {};
}

}  // namespace

Absorber::Absorber(std::vector<Draft>& drafts) : drafts_(drafts) {
  for (std::size_t index = 0; index < drafts_.size(); ++index) add_ids(index);
}

Result<void> Absorber::absorb(Draft generated) {
  const auto found = places_.find(effective_id(generated.id));
  if (found == places_.end()) {
    if (needs_old(generated.behavior)) {
      return invalid_draft(generated,
                           fmt::format("there is no such object for behavior \"{}\": name one that "
                                       "`resources` or a generator before makes",
                                       to_string(generated.behavior)));
    }
    drafts_.push_back(std::move(generated));
    add_ids(drafts_.size() - 1);
    return {};
  }
  const std::vector<std::size_t>& places = found->second;
  const Draft& old = drafts_[places.front()];
  if (places.size() > 1) {
    return invalid_draft(
        generated,
        fmt::format("there are {} objects that have or had this name, at {} and {}", places.size(),
                    to_string(old.origin), to_string(drafts_[places[1]].origin)));
  }
  if (!needs_old(generated.behavior)) {
    return invalid_draft(generated, fmt::format("it exists already, at {}: give the generator "
                                                "another name, or behavior \"merge\" or "
                                                "\"replace\"",
                                                to_string(old.origin)));
  }
  return put_in_place(places.front(), std::move(generated));
}

Result<void> Absorber::put_in_place(std::size_t index, Draft generated) {
  Draft& old = drafts_[index];
  if (generated.id.kind != old.id.kind) {
    return invalid_draft(generated, fmt::format("the object at {} that had this name is now {}",
                                                to_string(old.origin), to_string(old.id)));
  }
  const bool merges = generated.behavior == GeneratorBehavior::merge;
  std::string old_origin = merges ? origin_annotation(old) : std::string();
  if (merges) TRY(merge_data(generated, old));
  if (merges) generated.origin = old.origin;
  take_metadata(generated, old);
  if (!old_origin.empty()) set_origin_annotation(generated, std::move(old_origin));
  old = std::move(generated);
  return {};
}

void Absorber::add_ids(std::size_t index) {
  const auto add = [&](const DraftId& id) {
    std::vector<std::size_t>& places = places_[id];
    if (places.empty() || places.back() != index) places.push_back(index);
    return false;
  };
  [[maybe_unused]] const bool has_stopped = any_id(drafts_[index], add);
}

}  // namespace primocane
