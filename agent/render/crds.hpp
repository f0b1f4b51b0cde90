// SPDX-License-Identifier: Apache-2.0
// The files that `crds` names: OpenAPI definitions of custom resources, whose properties say which
// of their fields hold names, labels and annotations (LoadConfigFromCRDs in
// api/internal/accumulator of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/field_reader.hpp"
#include "render/transformer_config.hpp"

namespace primocane {

/// What the definitions in `file` add to the configuration. A definition that refers to itself is
/// entered once on each way, where kustomize would never come to an end. `invalid`, with line, if
/// they are not as they must be, or ask for more than 10,000 steps.
[[nodiscard]] Result<TransformerConfig> read_crds(const Value& file, const FieldReader& reader);

}  // namespace primocane
