// SPDX-License-Identifier: Apache-2.0
// What the agent answers to questions about drift and objects, of the interface
// dev.primocane.Agent (docs/control-socket.md).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "reconcile/agent.hpp"
#include "report/drift_log.hpp"

namespace primocane {

/// Of GetDrift. `invalid` for wrong parameters.
[[nodiscard]] Result<Value> answer_drift(const Value& parameters, const DriftLog& drift);

/// Of Explain. `invalid` for wrong parameters, and for too many objects.
[[nodiscard]] Result<Value> answer_explain(const Value& parameters, const Agent& agent,
                                           const DriftLog& drift);

}  // namespace primocane
