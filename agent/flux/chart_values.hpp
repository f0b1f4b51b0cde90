// SPDX-License-Identifier: Apache-2.0
// Chart values: what a HelmRelease's `values` and `valuesFrom` come to (fluxcd/pkg chartutil
// values.go, merge.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <optional>
#include <span>
#include <string>

namespace primocane {

/// An item of `valuesFrom`: where values are in the HelmRelease's namespace.
struct ValuesReference {
  std::string kind;  ///< "ConfigMap" or "Secret"
  std::string name;
  std::string key = "values.yaml";
  std::string target_path;  ///< where a single value goes, or "" for a document of values
  bool is_optional = false;
  bool is_literal = false;  ///< the single value is taken as it is

  bool operator==(const ValuesReference&) const = default;
};

/// A reference that was found, with what is there.
struct ReferencedValues {
  ValuesReference reference;
  std::string text;
};

/// What is under the key of `reference` in `object`, the ConfigMap or Secret it names; null if
/// there is none. Nothing where something is missing that is optional; `unavailable` where it is
/// not; `invalid` where it is no text.
[[nodiscard]] Result<std::optional<std::string>> referenced_text(const ValuesReference& reference,
                                                                 const Value* object);

/// `values` (a mapping or null) merged with `references`, in their order: mappings are merged, all
/// else is replaced, and null stays for Helm, which deletes a chart's own value by it. `values` win
/// over documents, and over single values too unless, as in Flux, those went into a mapping of
/// `values` itself. Keys are sorted. `invalid`, naming the ConfigMap or Secret and the key, but
/// nothing that a Secret holds.
[[nodiscard]] Result<Value> merged_chart_values(const Value& values,
                                                std::span<const ReferencedValues> references);

}  // namespace primocane
