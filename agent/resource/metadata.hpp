// SPDX-License-Identifier: Apache-2.0
// Questions about the labels and annotations of an object.
#pragma once

#include "document/value.hpp"

#include <string_view>

namespace primocane {

/// Whether `object` carries `key` as a label or as an annotation with that value, in any case: how
/// Flux looks for its marks (fluxcd/pkg ssa/utils AnyInMetadata).
[[nodiscard]] bool has_mark(const Value& object, std::string_view key, std::string_view value);

/// Whether `object` says kustomize.toolkit.fluxcd.io/prune: disabled.
[[nodiscard]] bool is_prune_disabled(const Value& object);

/// Whether `object` says kustomize.toolkit.fluxcd.io/ssa: Merge: fields that people set stay.
[[nodiscard]] bool is_merged(const Value& object);

/// Whether `object` says kustomize.toolkit.fluxcd.io/force: Enabled: made anew where a field may
/// not change.
[[nodiscard]] bool is_forced(const Value& object);

/// Whether `object` says that it is to be left alone: kustomize.toolkit.fluxcd.io/reconcile:
/// disabled or /ssa: Ignore, in Git or in the cluster (kustomize-controller, applyOpts).
[[nodiscard]] bool is_excluded(const Value& object);

/// Whether `object` stays when it leaves Git, by either of these marks (fluxcd/pkg ssa, Delete).
[[nodiscard]] bool is_never_pruned(const Value& object);

}  // namespace primocane
