// SPDX-License-Identifier: Apache-2.0
// Where objects come from and how they stand, for people.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "cli/object_reference.hpp"
#include "document/value.hpp"
#include "report/explanation.hpp"

#include <string>
#include <vector>

namespace primocane {

/// The answer to Explain.
struct ExplainAnswer {
  std::vector<Explanation> objects;
  std::vector<std::string> near;  ///< where there are none: what may have been meant
  WallTime from{};                ///< since when no change by others is missing
};

[[nodiscard]] Result<ExplainAnswer> read_explain_answer(const Value& value);

/// Some lines for each object.
[[nodiscard]] std::string describe_explanations(const ExplainAnswer& answer);

/// That no Kustomization desires what was asked for, and what may have been meant.
[[nodiscard]] std::string describe_absence(const ObjectReference& reference,
                                           const std::vector<std::string>& near);

}  // namespace primocane
