// SPDX-License-Identifier: Apache-2.0
// The `images` and `replicas` fields of a kustomization, over all objects.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/field_spec.hpp"
#include "render/image_name.hpp"
#include "render/replica_rule.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Changes the images that `rule` is for: in all lists of containers, then in `fields`
/// (api/internal/builtins/ImageTagTransformer.go of kustomize 5.8.1). `file` is the rule's.
[[nodiscard]] Result<void> set_images(std::vector<Draft>& drafts, const ImageRule& rule,
                                      const std::vector<FieldSpec>& fields,
                                      const std::string& file);

/// Sets the number of replicas in those of `fields` that objects have which have or had the rule's
/// name (ReplicaCountTransformer.go). `invalid` if there is no such object. `file` is the rule's.
[[nodiscard]] Result<void> set_replica_counts(std::vector<Draft>& drafts, const ReplicaRule& rule,
                                              const std::vector<FieldSpec>& fields,
                                              const std::string& file);

}  // namespace primocane
