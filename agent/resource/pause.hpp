// SPDX-License-Identifier: Apache-2.0
// Pause: a maintenance window, as the parent of a set holds it: until then nothing of the set is
// applied, reverted or pruned.
#pragma once

#include "base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

struct Pause {
  std::optional<WallTime> until{};  ///< nothing: until a person ends it

  bool operator==(const Pause&) const = default;
};

/// What a pause without an end is called.
inline constexpr std::string_view further_notice{"further-notice"};

/// "2026-11-30T08:00:00Z", or further_notice.
[[nodiscard]] std::string write_pause(const Pause& pause);

/// A time as RFC 3339 writes it. Everything else is a pause without an end: what nobody can read
/// must not let changes through.
[[nodiscard]] Pause read_pause(std::string_view text);

[[nodiscard]] bool is_over(const Pause& pause, WallTime now);

/// "until 2026-11-30T08:00:00Z", "until further notice".
[[nodiscard]] std::string until_words(const Pause& pause);

}  // namespace primocane
