// SPDX-License-Identifier: Apache-2.0
// ApplySets (KEP-3659): the parent object of each Kustomization and the marks on its members.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/json_pointer.hpp"
#include "document/value.hpp"
#include "resource/desired.hpp"
#include "resource/pause.hpp"
#include "resource/resource_id.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The name of the parent ConfigMap in namespace primocane-system: "<namespace>.<name>", cut and
/// ended with a hash where that is longer than 253 characters.
[[nodiscard]] std::string parent_name(const KustomizationName& name);

/// KEP-3659's id of the set whose parent that ConfigMap is:
/// "applyset-" + base64url(sha256("<parent name>.primocane-system.ConfigMap.")) + "-v1".
[[nodiscard]] std::string applyset_id(const KustomizationName& name);

/// What becomes of a set's members when its Kustomization leaves Git.
enum class OnRemoval : std::uint8_t {
  prune,            ///< deleted, but for what holds data
  remove,           ///< deleted, by an explicit deletionPolicy
  remove_and_wait,  ///< the same; until they are gone the set is told to be on its way
  orphan,           ///< left as they are
};

/// What a parent says: the values behind its labels and annotations.
struct Parent {
  KustomizationName kustomization;
  std::string id;                        ///< applyset_id
  std::set<GroupKind> group_kinds;       ///< of which it has or is about to have members
  std::set<std::string> namespaces;      ///< in which, other than primocane-system
  std::string revision;                  ///< "main@sha1:<commit>" of the rendering
  std::string writer{};                  ///< the Node whose agent wrote this, or ""
  std::optional<Fingerprint> rendering;  ///< DesiredSet::hash of what is applied or being applied
  std::optional<Fingerprint> contained;  ///< of the Kustomizations that it contains, if any
  /// Objects of the last applied rendering that carry a mark about pruning, so that it is still
  /// known when they have left Git.
  std::map<ResourceId, PruneMark> prune_marks;
  /// The Jobs with a time to live that were made and those that were complete, and the hashes of
  /// what was made: that they are gone is no reason to run them again.
  std::map<ResourceId, Fingerprint> jobs;
  /// How many members there were when nothing that had left Git was left to delete; 0: not known.
  std::uint64_t members = 0;
  /// Hash of a list of deletions that a person confirmed and that were not made yet, or "".
  std::string confirmed_prune;
  OnRemoval on_removal = OnRemoval::prune;
  /// How long OnRemoval::remove_and_wait waits before that is a problem; 0 with all others.
  std::chrono::seconds removal_wait{};
  /// That a person asked for; it may be over.
  std::optional<Pause> pause{};

  bool operator==(const Parent&) const = default;
};

/// The ConfigMap that says it, as a server-side apply sends it. Of more than 128 KiB of prune marks
/// (some thousand) the rest is left out, because a server bounds annotations. That is safe: an
/// object that may not be pruned still says so itself, and one that needs a permission is kept. Of
/// more than 64 KiB of Jobs the rest is left out as well: they run again if the index is lost.
[[nodiscard]] Value write_parent(const Parent& parent);

/// Where the label of its set is in a member.
[[nodiscard]] JsonPointer part_of_pointer();

/// The JSON Patch (RFC 6902) that makes a member nobody's: it takes the label of its set off.
[[nodiscard]] std::string let_go_patch();

/// The JSON Patch that takes the pause out of a parent, whoever wrote it.
[[nodiscard]] std::string resume_patch();

/// Whether the tooling annotation names this program, in any version.
[[nodiscard]] bool is_our_tooling(std::string_view tooling);

/// What the annotations of a ConfigMap say of a set, whosever it is; nothing of identity.
[[nodiscard]] Parent read_marks(const Value& config_map);

/// Reads a parent back from its metadata (all it says is in labels and annotations, so that a
/// metadata list shows it). Nothing if it is not one of ours (tooling of another
/// tool, id that does not fit its name); then it must be left alone.
[[nodiscard]] std::optional<Parent> read_parent(const Value& config_map);

}  // namespace primocane
