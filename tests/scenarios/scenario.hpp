// SPDX-License-Identifier: Apache-2.0
// Scenario: a folder that tells a story of Git and a cluster, and what comes of it as text.
#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>

namespace primocane {

/// What people see of a scenario, pass after pass.
struct ScenarioOutcome {
  std::string plan;    ///< what `primocane plan` prints before each pass
  std::string events;  ///< what each pass tells, without times
};

/// Runs the scenario in `folder` (README.md here says how one is written). An error is about the
/// scenario itself: a file that can't be read or is not understood.
[[nodiscard]] Result<ScenarioOutcome> run_scenario(const std::filesystem::path& folder);

}  // namespace primocane
