// SPDX-License-Identifier: Apache-2.0
// TransformerConfig: which fields kustomize's transformers change: what is built in, and what
// `configurations` and `crds` add (api/internal/plugins/builtinconfig of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"
#include "render/field_spec.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace primocane {

/// The fields that hold names of objects of one kind. Empty parts of the kind stand for any.
struct NameBackReference {
  VersionedKind target;
  std::vector<FieldSpec> referrers;  ///< the name itself, or a mapping with `name`

  bool operator==(const NameBackReference&) const = default;
};

struct TransformerConfig {
  std::vector<FieldSpec> name_prefix;
  std::vector<FieldSpec> name_suffix;
  std::vector<FieldSpec> namespaces;
  std::vector<FieldSpec> common_labels;
  std::vector<FieldSpec> labels;
  std::vector<FieldSpec> template_labels;
  std::vector<FieldSpec> common_annotations;
  std::vector<NameBackReference> name_references;
  std::vector<FieldSpec> var_references;
  std::vector<FieldSpec> images;
  std::vector<FieldSpec> replicas;
};

/// Shared, because nearly all kustomizations use the built-in one.
using SharedConfig = std::shared_ptr<const TransformerConfig>;

/// What is built in.
[[nodiscard]] SharedConfig default_transformer_config();

/// `config` (null for an empty one) and what `more` adds to it, sorted by kind. `invalid` if one of
/// them creates a field that the other one doesn't.
///
/// As in kustomize, a field of `more` is left out if `config` has the same field of a kind that it
/// speaks of, even if it speaks of others as well: what is merged into an empty configuration
/// loses the fields of all kinds to those of one.
[[nodiscard]] Result<SharedConfig> merge_configs(const SharedConfig& config,
                                                 const SharedConfig& more);

/// Reads a file that `configurations` names.
[[nodiscard]] Result<TransformerConfig> read_transformer_config(const Value& file,
                                                                const FieldReader& reader);

}  // namespace primocane
