// SPDX-License-Identifier: Apache-2.0
#include "cli/ask_agent.hpp"

#include "host/varlink_client.hpp"

#include <chrono>

namespace primocane {

Result<Value> ask_agent(const std::string& socket) {
  constexpr std::chrono::seconds patience(10);
  const Value answer =
      TRY(call_varlink(socket, "dev.primocane.Agent.GetStatus", Object(), patience));
  const Value* status = answer.find("status");
  if (status == nullptr) return fail(ErrorKind::invalid, socket + ": answered without a status");
  return *status;
}

Result<Value> ask_for_pass(const std::string& socket) {
  const Value answer =
      TRY(call_varlink(socket, "dev.primocane.Agent.Reconcile",
                       Object{{"wait", true}, {"acceptRewrite", false}}, pass_patience));
  const Value* report = answer.find("report");
  if (report == nullptr) return fail(ErrorKind::invalid, socket + ": answered without a report");
  return *report;
}

}  // namespace primocane
