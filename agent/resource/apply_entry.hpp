// SPDX-License-Identifier: Apache-2.0
// Which entry of managedFields is ours.
#pragma once

#include "document/value.hpp"
#include "resource/well_known.hpp"

namespace primocane {

/// That of our field manager's applies, not of a subresource.
[[nodiscard]] inline bool is_our_apply_entry(const Value& entry) {
  return entry.text_at("manager") == field_manager && entry.text_at("operation") == "Apply" &&
         entry.text_at("subresource").empty();
}

}  // namespace primocane
