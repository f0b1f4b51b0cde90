// SPDX-License-Identifier: Apache-2.0
// Asks the kernel what node/ judges.
#pragma once

#include "base/clock.hpp"
#include "base/system_facts.hpp"

#include <string>

namespace primocane {

/// The facts of this machine, with the space of the file system where `folder` lies or would lie.
/// Changes nothing.
[[nodiscard]] SystemFacts read_system_facts(const Clock& clock, const std::string& folder);

}  // namespace primocane
