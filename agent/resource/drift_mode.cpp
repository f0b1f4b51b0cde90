// SPDX-License-Identifier: Apache-2.0
#include "resource/drift_mode.hpp"

#include "document/schema_reader.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <string>

namespace primocane {

std::string_view to_string(DriftMode mode) {
  switch (mode) {
    case DriftMode::correct:
      return "correct";
    case DriftMode::detect:
      return "detect";
  }
  return "correct";
}

Result<std::optional<DriftMode>> drift_mode_of(const Resource& resource) {
  const Value* value = resource.object.find("metadata", "annotations", drift_annotation);
  if (value == nullptr) return std::optional<DriftMode>();
  const std::string* word = value->as_string();
  for (const DriftMode mode : {DriftMode::correct, DriftMode::detect}) {
    if (word != nullptr && *word == to_string(mode)) return std::optional(mode);
  }
  const std::string given = word == nullptr ? std::string(to_string(value->kind())) : *word;
  const std::string_view meant = nearest(given, {"correct", "detect"});
  return fail(
      ErrorKind::invalid,
      fmt::format("{}:{}: {}: the annotation {} is \"{}\"; correct and detect are allowed{}",
                  resource.origin.path, value->line() == 0 ? resource.origin.line : value->line(),
                  to_string(resource.id), drift_annotation, given,
                  meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
}

}  // namespace primocane
