// SPDX-License-Identifier: Apache-2.0
// Handing fields over: an object's managedFields in which the entries of some managers have become
// part of another's Apply entry. What that one then applies without a field removes the field. The
// rules are Flux's: fluxcd/pkg ssa/patch.go, PatchReplaceFieldsManagers. Pure functions over
// objects.
#pragma once

#include "document/value.hpp"
#include "resource/well_known.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// Field managers by their names. Entries of subresources are never meant.
struct ManagerPattern {
  enum class Match : std::uint8_t { prefix, exact };

  std::string_view name;
  Match match = Match::prefix;
};

/// What people work with, and what the server calls the fields of an object that nobody managed
/// (kustomize-controller, reconcile: applyOpts.Cleanup).
inline constexpr std::array<ManagerPattern, 2> tools_of_people{
    {{.name = "kubectl"}, {.name = "before-first-apply"}}};

/// Which fields stay with their managers.
enum class Spared : std::uint8_t {
  nothing,
  /// What asks for something once instead of saying how the object is to be: the annotation that
  /// `kubectl rollout restart` sets, and Flux's reconcile.fluxcd.io/*.
  requests,
};

/// Who hands over to whom.
struct HandOver {
  std::span<const ManagerPattern> from = tools_of_people;
  std::string_view to = field_manager;
  Spared spared = Spared::requests;
};

/// The new value of metadata.managedFields of `object` (the whole or its metadata alone), or
/// nothing where there is nothing to hand over. Without an Apply entry of `to` the first entry that
/// is handed over becomes it.
[[nodiscard]] std::optional<Array> hand_over_fields(const Value& object,
                                                    const HandOver& hand_over = {});

/// The JSON Patch that puts `managed_fields` in place of those of an object that has some.
[[nodiscard]] std::string managed_fields_patch(Array managed_fields);

/// The tool of a person (tools_of_people) that manages fields of `object` which are to be taken
/// over: its manager's name, or "". Nothing is taken over from an object that says
/// kustomize.toolkit.fluxcd.io/ssa: Merge.
[[nodiscard]] std::string_view tool_with_fields(const Value& object);

}  // namespace primocane
