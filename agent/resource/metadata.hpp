// SPDX-License-Identifier: Apache-2.0
// Questions about the metadata of an object: its labels, its annotations, its managedFields.
#pragma once

#include "document/value.hpp"

#include <span>
#include <string_view>

namespace primocane {

/// The entries of metadata.managedFields.
[[nodiscard]] std::span<const Value> managed_entries(const Value& object);

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
