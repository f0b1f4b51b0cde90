// SPDX-License-Identifier: Apache-2.0
// DesiredObject and DesiredSet: what Git asks for, ready to be sent. A rendered Resource becomes
// one in the renderer: normalised as Flux does, marked as a member of its ApplySet, and written as
// the compact JSON that a server-side apply sends. This is what the agent keeps in memory.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/json_pointer.hpp"
#include "resource/drift_mode.hpp"
#include "resource/resource.hpp"
#include "resource/resource_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// The first 16 bytes of a SHA-256: identifies bytes that we produced ourselves.
using Fingerprint = std::array<std::uint8_t, 16>;

[[nodiscard]] Fingerprint fingerprint(std::string_view bytes);
/// 32 lower-case hexadecimal digits.
[[nodiscard]] std::string to_string(const Fingerprint& value);
[[nodiscard]] Result<Fingerprint> parse_fingerprint(std::string_view text);

/// What annotations of an object say about pruning it.
enum class PruneMark : std::uint8_t {
  unmarked,
  disabled,  ///< kustomize.toolkit.fluxcd.io/prune: disabled
  allowed,   ///< primocane.dev/prune: allowed
};

[[nodiscard]] std::string_view to_string(PruneMark mark);

/// When an object is applied at all.
enum class ApplyWhen : std::uint8_t {
  always,
  absent,  ///< only where there is none: kustomize.toolkit.fluxcd.io/ssa: IfNotPresent
  never,   ///< left alone: is_excluded()
};

[[nodiscard]] std::string_view to_string(ApplyWhen when);

/// An object as it will be applied.
struct DesiredObject {
  ResourceId id;
  std::string version;  ///< of the API: "v1"
  Origin origin;
  PruneMark prune_mark = PruneMark::unmarked;
  ApplyWhen apply_when = ApplyWhen::always;
  /// Made anew where the server refuses a change as immutable:
  /// kustomize.toolkit.fluxcd.io/force: Enabled.
  bool is_forced = false;
  /// What people set stays: kustomize.toolkit.fluxcd.io/ssa: Merge.
  bool is_merged = false;
  /// Where it says so itself; else its Kustomization does.
  std::optional<DriftMode> drift{};
  /// Fields that others may change: spec.ignore of its Kustomization.
  std::vector<JsonPointer> ignored{};
  /// Fields that nobody is shown; those of Secrets are known.
  ConfidentialFields confidential{};
  Fingerprint hash{};  ///< hash_of()
  std::string body;    ///< compact JSON, normalised and labelled
};

/// Identifies how an object is to be: by its body and the fields that others may change.
[[nodiscard]] Fingerprint hash_of(const DesiredObject& object);

/// All that one Kustomization desires, sorted by identity, each identity once.
class DesiredSet {
 public:
  DesiredSet() = default;
  /// Sorts. `invalid`, naming both origins, if two objects have one identity.
  [[nodiscard]] static Result<DesiredSet> make(KustomizationName name,
                                               std::vector<DesiredObject> objects);

  [[nodiscard]] const KustomizationName& name() const { return name_; }
  [[nodiscard]] const std::vector<DesiredObject>& objects() const { return objects_; }
  [[nodiscard]] const DesiredObject* find(const ResourceId& id) const;
  /// The objects themselves; the set is empty afterwards.
  [[nodiscard]] std::vector<DesiredObject> release() && { return std::move(objects_); }
  /// Identifies the rendering: equal sets of equal bodies have equal hashes.
  [[nodiscard]] const Fingerprint& hash() const { return hash_; }

 private:
  KustomizationName name_;
  std::vector<DesiredObject> objects_;
  Fingerprint hash_{};
};

/// `resource` as it will be applied for the set `name`: status dropped, stringData moved into
/// data, protocol defaults set (Flux's pkg/ssa/normalize), Flux's name and namespace labels and the
/// ApplySet's part-of label added. `invalid` if it cannot carry them.
[[nodiscard]] Result<DesiredObject> make_desired(Resource resource, const KustomizationName& name);

}  // namespace primocane
