// SPDX-License-Identifier: Apache-2.0
// Whether an object is as our last write left it.
#pragma once

#include "plan/applied_index.hpp"
#include "resource/live_object.hpp"

namespace primocane {

/// It is the same object, and our entry is as the write's answer held it.
[[nodiscard]] inline bool has_written_entry(const LiveObject& live, const AppliedRecord& record) {
  return live.uid == record.uid && live.entry == record.entry;
}

/// The same, and nobody has found out that its values are others all the same. What others have
/// added beside it is another question (LiveObject::tool).
[[nodiscard]] inline bool is_as_written(const LiveObject& live, const AppliedRecord& record) {
  return has_written_entry(live, record) && !record.is_altered;
}

}  // namespace primocane
