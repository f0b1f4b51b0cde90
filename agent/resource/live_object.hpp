// SPDX-License-Identifier: Apache-2.0
// LiveObject: what the metadata of an object on the server says about us and others. Membership
// and drift (docs/rules.md; facts of managedFields) are decided from it alone.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "resource/desired.hpp"
#include "resource/resource_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Our entry (manager primocane, operation Apply, no subresource) in managedFields.
struct ApplyEntry {
  Fingerprint fields{};  ///< of the canonical JSON of fieldsV1
  std::string time;      ///< RFC 3339, seconds
  bool owns_part_of_label = false;

  bool operator==(const ApplyEntry&) const = default;
};

/// Somebody else who may be the owner of an object that we are about to apply first.
struct ForeignOwner {
  std::string tool;  ///< "Helm release home/web", "Argo CD application web", ...

  bool operator==(const ForeignOwner&) const = default;
};

/// How far what an object is to be (in most kinds: its spec) has come.
struct ContentMark {
  std::int64_t generation = 0;  ///< metadata.generation; 0 where its kind has none
  /// Differs when an entry of others for more than metadata and status does; in this process.
  std::size_t others = 0;

  bool operator==(const ContentMark&) const = default;
};

/// An object's metadata, reduced to what decides.
struct LiveObject {
  ResourceId id;
  std::string uid;
  std::string resource_version;
  std::string part_of;  ///< the ApplySet label's value, "" if absent
  std::optional<ApplyEntry> entry;
  bool has_controller_owner = false;  ///< an ownerReference with controller: true
  bool is_terminating = false;        ///< has a deletionTimestamp
  bool prune_disabled = false;        ///< the live annotation that forbids pruning
  bool is_excluded = false;           ///< live annotations that forbid to touch it
  bool is_forced = false;             ///< marked to be made anew where a field may not change
  std::optional<ForeignOwner> foreign_owner;
  std::string last_manager;         ///< of the newest entry that is not ours nor of a status
  std::string last_manager_time{};  ///< of that entry: RFC 3339, seconds
  std::string tool{};               ///< of a person, whose fields are to be taken over, or ""
  bool is_complete = false;         ///< a Job whose controller noted when it completed
  ContentMark content{};

  bool operator==(const LiveObject&) const = default;
};

/// Reads a PartialObjectMetadata, or any object: identity from `group_kind` because list items
/// carry none. `invalid` if name or uid is missing.
[[nodiscard]] Result<LiveObject> read_live_object(const Value& object, const GroupKind& group_kind);

enum class Declared : std::uint8_t { no, yes };

/// docs/rules.md, "Membership": it carries the set's label, has our Apply entry that owns that
/// label, and no controller owner unless it is declared. Everything else with the label is a copy.
[[nodiscard]] bool is_member(const LiveObject& object, Declared declared);

}  // namespace primocane
