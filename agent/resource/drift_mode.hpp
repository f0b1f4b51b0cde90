// SPDX-License-Identifier: Apache-2.0
// DriftMode: what is done about an object that somebody changed without Git.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "resource/resource.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace primocane {

enum class DriftMode : std::uint8_t {
  correct,  ///< it is applied again
  detect,   ///< that is told and counted
};

/// "correct", "detect".
[[nodiscard]] std::string_view to_string(DriftMode mode);

/// What the annotation primocane.dev/drift of `resource` says; nothing without one. `invalid`, with
/// file and line, for any other word.
[[nodiscard]] Result<std::optional<DriftMode>> drift_mode_of(const Resource& resource);

}  // namespace primocane
