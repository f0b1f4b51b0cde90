// SPDX-License-Identifier: Apache-2.0
// The fields that kustomize's transformers change unless told otherwise
// (api/internal/konfig/builtinpluginconsts of kustomize 5.8.1).
#pragma once

#include "render/field_spec.hpp"

#include <vector>

namespace primocane {

/// Where a label goes: objects and the templates in them.
[[nodiscard]] std::vector<FieldSpec> template_label_specs();
/// Where a label goes with `includeSelectors`: selectors as well.
[[nodiscard]] std::vector<FieldSpec> selector_label_specs();
/// Where a label goes if nothing else is asked for.
[[nodiscard]] std::vector<FieldSpec> metadata_label_specs();
[[nodiscard]] std::vector<FieldSpec> common_annotation_specs();
/// Where a prefix or a suffix goes.
[[nodiscard]] std::vector<FieldSpec> name_specs();
[[nodiscard]] std::vector<FieldSpec> image_specs();
[[nodiscard]] std::vector<FieldSpec> replica_specs();
/// Fields in which "$(NAME)" of a var is replaced.
[[nodiscard]] std::vector<FieldSpec> variable_specs();
/// Fields beside metadata.namespace that hold the namespace.
[[nodiscard]] std::vector<FieldSpec> namespace_specs();

}  // namespace primocane
