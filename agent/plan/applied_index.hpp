// SPDX-License-Identifier: Apache-2.0
// AppliedIndex: what our last write of each object answered, some hundred bytes an object. Against
// it a metadata list shows what drifted or vanished. A cache: without it everything is applied
// again once.
#pragma once

#include "base/error.hpp"
#include "resource/desired.hpp"
#include "resource/live_object.hpp"
#include "resource/resource_id.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The last write of one object.
struct AppliedRecord {
  std::string uid;
  ApplyEntry entry;          ///< our entry as the write's answer held it
  Fingerprint desired{};     ///< DesiredObject::hash that was sent
  bool is_complete = false;  ///< a Job that was seen to have done its work
  bool is_learnt = false;  ///< the write was another node's: what it sent is not known for certain
  // Of this process alone, on no disk:
  /// As of when it was last known to be as it was written; nothing where that is not known.
  std::optional<ContentMark> content{};
  bool is_altered = false;  ///< its values are others by now, though our entry says nothing of it

  bool operator==(const AppliedRecord&) const = default;
};

using AppliedIndex = std::map<ResourceId, AppliedRecord>;

/// Tells whether two of them differ, at little cost; for this process alone.
[[nodiscard]] std::size_t digest_of(const AppliedIndex& index);

/// As it lies on disk: JSON with a format number.
[[nodiscard]] std::string write_index(const AppliedIndex& index);
/// `invalid` for anything else than write_index writes: the caller starts with an empty one.
[[nodiscard]] Result<AppliedIndex> read_index(std::string_view bytes);

}  // namespace primocane
