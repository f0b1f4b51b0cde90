// SPDX-License-Identifier: Apache-2.0
// Finding: what one check of a node says, for people and for programs.
#pragma once

#include "document/value.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class Level : std::uint8_t {
  ok,
  warning,  ///< it works, but a person should know
  problem,  ///< it does not work, or will not for long
};

/// One line of `primocane doctor`. Secrets never appear in it.
struct Finding {
  std::string_view check;  ///< what was looked at, in one word, a literal: "clock"
  Level level = Level::ok;
  std::string message;   ///< what was found
  std::string advice{};  ///< what to do, or "" where nothing has to be done

  bool operator==(const Finding&) const = default;
};

/// "ok", "warning", "problem".
[[nodiscard]] std::string_view to_string(Level level);

[[nodiscard]] bool has_problem(const std::vector<Finding>& findings);

/// As JSON: `findings`, a list of {check, level, message, advice} in which an empty advice is left
/// out, and how many `problems` and `warnings` there are.
[[nodiscard]] Value write_findings(const std::vector<Finding>& findings);

/// A line for each: "problem  clock  message; advice".
[[nodiscard]] std::string describe_findings(const std::vector<Finding>& findings);

}  // namespace primocane
