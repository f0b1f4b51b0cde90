// SPDX-License-Identifier: Apache-2.0
// IAMPolicyGenerator: the service account of a workload on Google's Kubernetes
// (api/filters/iampolicygenerator of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"

namespace primocane {

/// The ServiceAccount that an object of kind IAMPolicyGenerator asks for. `invalid` for another
/// cloud than "gke" and without a name.
[[nodiscard]] Result<Draft> generate_iam_policy(const Value& object, const FieldReader& reader);

}  // namespace primocane
