// SPDX-License-Identifier: Apache-2.0
// Tables for people, as kubectl and flux draw them.
#pragma once

#include <string>
#include <vector>

namespace primocane {

/// One line for each row: cells below each other, two spaces between, none at the end. All rows
/// have as many cells as the first, which is the head.
[[nodiscard]] std::string draw_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace primocane
