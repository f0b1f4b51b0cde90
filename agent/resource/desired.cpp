// SPDX-License-Identifier: Apache-2.0
#include "resource/desired.hpp"

#include "base/sha256.hpp"
#include "document/json.hpp"
#include "resource/applyset.hpp"
#include "resource/metadata.hpp"
#include "resource/normalise.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t label_value_length_max = 63;

Fingerprint shortened(const Sha256& hash) {
  Fingerprint short_hash{};
  std::copy_n(hash.begin(), short_hash.size(), short_hash.begin());
  return short_hash;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

PruneMark prune_mark_of(const Value& object) {
  if (is_prune_disabled(object)) return PruneMark::disabled;
  if (object.text_at("metadata", "annotations", prune_annotation) == "allowed") {
    return PruneMark::allowed;
  }
  return PruneMark::unmarked;
}

ApplyWhen apply_when_of(const Value& object) {
  if (is_excluded(object)) return ApplyWhen::never;
  const bool is_once = has_mark(object, flux_ssa_annotation, "IfNotPresent");
  return is_once ? ApplyWhen::absent : ApplyWhen::always;
}

Result<void> check_labels_fit(const Resource& resource, const KustomizationName& name) {
  const Value* part_of = resource.object.find("metadata", "labels", applyset_part_of_label);
  if (part_of != nullptr) {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: {} carries the label {}, which says whose member it is: remove "
                            "it from Git",
                            resource.origin.path,
                            part_of->line() == 0 ? resource.origin.line : part_of->line(),
                            to_string(resource.id), applyset_part_of_label));
  }
  for (const std::string& text : {name.name, name.namespace_name}) {
    if (text.size() <= label_value_length_max) continue;
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is too long for the label of a Kustomization: at most {} "
                            "characters are allowed",
                            text, label_value_length_max));
  }
  return {};
}

void set_labels(Value& object, const KustomizationName& name) {
  Object& metadata = *(*object.as_object())["metadata"].as_object();
  Value& labels = metadata["labels"];
  if (!labels.is_object()) labels = Object();
  Object& members = *labels.as_object();
  members.set(flux_name_label, name.name);
  members.set(flux_namespace_label, name.namespace_name);
  members.set(applyset_part_of_label, applyset_id(name));
}

}  // namespace

Fingerprint fingerprint(std::string_view bytes) { return shortened(sha256(bytes)); }

std::string to_string(const Fingerprint& value) {
  std::string text;
  for (const std::uint8_t byte : value) text += fmt::format("{:02x}", byte);
  return text;
}

Result<Fingerprint> parse_fingerprint(std::string_view text) {
  Fingerprint value{};
  const bool fits = text.size() == 2 * value.size() &&
                    std::ranges::all_of(text, [](char c) { return hex_digit(c) >= 0; });
  if (!fits) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is no hash: expected {} lower-case hexadecimal digits",
                            text.substr(0, 2 * value.size()), 2 * value.size()));
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    value[i] = static_cast<std::uint8_t>(hex_digit(text[2 * i]) * 16 + hex_digit(text[2 * i + 1]));
  }
  return value;
}

std::string_view to_string(PruneMark mark) {
  switch (mark) {
    case PruneMark::unmarked:
      return "unmarked";
    case PruneMark::disabled:
      return "disabled";
    case PruneMark::allowed:
      return "allowed";
  }
  return "unmarked";
}

std::string_view to_string(ApplyWhen when) {
  switch (when) {
    case ApplyWhen::always:
      return "always";
    case ApplyWhen::absent:
      return "absent";
    case ApplyWhen::never:
      return "never";
  }
  return "always";
}

Fingerprint hash_of(const DesiredObject& object) {
  if (object.ignored.empty()) return fingerprint(object.body);
  Sha256Stream hash;
  hash.add(object.body);
  // No body has a newline: it is compact JSON.
  for (const JsonPointer& path : object.ignored) hash.add("\n" + path.str());
  return shortened(hash.finish());
}

Result<DesiredSet> DesiredSet::make(KustomizationName name, std::vector<DesiredObject> objects) {
  std::ranges::stable_sort(objects, {}, &DesiredObject::id);
  const auto twin = std::ranges::adjacent_find(objects, {}, &DesiredObject::id);
  if (twin != objects.end()) {
    const DesiredObject& second = *std::next(twin);
    return fail(ErrorKind::invalid,
                fmt::format("{}: {} is defined twice, also at {}", to_string(second.origin),
                            to_string(second.id), to_string(twin->origin)));
  }
  Sha256Stream hash;
  for (const DesiredObject& object : objects) {
    hash.add({reinterpret_cast<const char*>(object.hash.data()), object.hash.size()});
  }
  DesiredSet set;
  set.name_ = std::move(name);
  set.objects_ = std::move(objects);
  set.hash_ = shortened(hash.finish());
  return set;
}

const DesiredObject* DesiredSet::find(const ResourceId& id) const {
  const auto found = std::ranges::lower_bound(objects_, id, {}, &DesiredObject::id);
  if (found == objects_.end() || found->id != id) return nullptr;
  return &*found;
}

Result<DesiredObject> make_desired(Resource resource, const KustomizationName& name) {
  TRY(check_labels_fit(resource, name));
  const std::optional<DriftMode> drift = TRY(drift_mode_of(resource));
  TRY(normalise(resource));
  set_labels(resource.object, name);
  DesiredObject desired{.id = std::move(resource.id),
                        .version = std::move(resource.version),
                        .origin = std::move(resource.origin),
                        .prune_mark = prune_mark_of(resource.object),
                        .apply_when = apply_when_of(resource.object),
                        .is_forced = is_forced(resource.object),
                        .is_merged = is_merged(resource.object),
                        .drift = drift,
                        .confidential = std::move(resource.confidential),
                        // Sorted, so that moving lines in a file is no change of the object.
                        .body = write_canonical_json(resource.object)};
  desired.hash = hash_of(desired);
  return desired;
}

}  // namespace primocane
