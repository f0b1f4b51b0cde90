// SPDX-License-Identifier: Apache-2.0
// Names that other programs and specifications gave to labels, annotations and managers.
#pragma once

#include <string_view>

namespace primocane {

/// Our field manager in every server-side apply.
inline constexpr std::string_view field_manager = "primocane";
/// Where the ApplySet parents live.
inline constexpr std::string_view system_namespace = "primocane-system";

// KEP-3659 (kubectl apply --prune with ApplySets).
inline constexpr std::string_view applyset_part_of_label = "applyset.kubernetes.io/part-of";
inline constexpr std::string_view applyset_id_label = "applyset.kubernetes.io/id";
inline constexpr std::string_view applyset_tooling_annotation = "applyset.kubernetes.io/tooling";
/// What we write there. The version is that of what a parent says, not the program's: agents of
/// two releases that run on different nodes must not write each other's parents anew in turns.
inline constexpr std::string_view applyset_tooling = "primocane/v1.0.0";
inline constexpr std::string_view applyset_group_kinds_annotation =
    "applyset.kubernetes.io/contains-group-kinds";
inline constexpr std::string_view applyset_namespaces_annotation =
    "applyset.kubernetes.io/additional-namespaces";

/// Of the Nodes that run an API server
/// (https://kubernetes.io/docs/reference/labels-annotations-taints/).
inline constexpr std::string_view control_plane_label = "node-role.kubernetes.io/control-plane";

// Ours, on parents.
inline constexpr std::string_view kustomization_annotation = "primocane.dev/kustomization";
inline constexpr std::string_view revision_annotation = "primocane.dev/revision";
inline constexpr std::string_view rendering_annotation = "primocane.dev/rendering";
inline constexpr std::string_view contained_annotation = "primocane.dev/contained";
inline constexpr std::string_view prune_marks_annotation = "primocane.dev/prune-marks";
inline constexpr std::string_view jobs_annotation = "primocane.dev/jobs";
inline constexpr std::string_view members_annotation = "primocane.dev/members";
inline constexpr std::string_view writer_annotation = "primocane.dev/written-by";
inline constexpr std::string_view removal_annotation{"primocane.dev/on-removal"};
/// When a pause of the set ends: RFC 3339, or "further-notice".
inline constexpr std::string_view pause_annotation = "primocane.dev/suspended-until";
// How one object is applied (kustomize-controller, api/v1).
inline constexpr std::string_view flux_ssa_annotation{"kustomize.toolkit.fluxcd.io/ssa"};
inline constexpr std::string_view flux_force_annotation{"kustomize.toolkit.fluxcd.io/force"};
inline constexpr std::string_view flux_reconcile_annotation{
    "kustomize.toolkit.fluxcd.io/reconcile"};
inline constexpr std::string_view confirmed_prune_annotation = "primocane.dev/confirmed-prune";
/// Ours, on members: "allowed" lets a Namespace, PersistentVolumeClaim or CRD be pruned.
inline constexpr std::string_view prune_annotation = "primocane.dev/prune";
/// Ours, on objects and Kustomizations in Git: "detect" or "correct".
inline constexpr std::string_view drift_annotation = "primocane.dev/drift";

// Flux (kustomize-controller, api/v1/kustomization_types.go and pkg/ssa).
inline constexpr std::string_view flux_name_label = "kustomize.toolkit.fluxcd.io/name";
inline constexpr std::string_view flux_namespace_label = "kustomize.toolkit.fluxcd.io/namespace";
inline constexpr std::string_view flux_prune_annotation = "kustomize.toolkit.fluxcd.io/prune";

}  // namespace primocane
