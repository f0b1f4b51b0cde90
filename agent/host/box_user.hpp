// SPDX-License-Identifier: Apache-2.0
// Whom boxed children run as.
#pragma once

#include "host/box.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The package makes this user; it owns nothing and may log in nowhere.
inline constexpr std::string_view box_user_name = "primocane-render";

/// Looks `name` up in the text of a passwd file (passwd(5)), which is all that a boxed user may
/// come from, whatever other sources of users the node has. Nothing for a user that is not there,
/// is written wrongly, or is root.
[[nodiscard]] std::optional<BoxUser> find_box_user(std::string_view passwd, std::string_view name);

/// The package's user by /etc/passwd.
[[nodiscard]] std::optional<BoxUser> find_installed_box_user();

}  // namespace primocane
