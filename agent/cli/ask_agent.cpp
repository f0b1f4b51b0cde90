// SPDX-License-Identifier: Apache-2.0
#include "cli/ask_agent.hpp"

#include "host/varlink_client.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

// With how to start one.
Error no_agent_running(const Error& error) {
  return {ErrorKind::unavailable,
          fmt::format("no agent is running ({}); start it with: primocane agent", error.message)};
}

// The output of a call by those who take `unavailable` for no agent at all: it never is what a
// running one answers.
Result<Value> output_of(Result<VarlinkAnswer> answer) {
  const VarlinkAnswer told = TRY(std::move(answer));
  if (told || told.error().kind != ErrorKind::unavailable) return told;
  return fail(ErrorKind::conflict, told.error().message);
}

}  // namespace

Result<Value> ask_agent(const std::string& socket) {
  const Value answer = TRY(
      output_of(call_varlink(socket, "dev.primocane.Agent.GetStatus", Object(), answer_patience)));
  const Value* status = answer.find("status");
  if (status == nullptr) return fail(ErrorKind::invalid, socket + ": answered without a status");
  return *status;
}

Result<Value> call_agent(const std::string& socket, std::string_view method, Value parameters,
                         std::chrono::seconds patience) {
  Result<VarlinkAnswer> answer = call_varlink(socket, fmt::format("dev.primocane.Agent.{}", method),
                                              std::move(parameters), patience);
  if (answer) return std::move(*answer);
  const bool is_absent = answer.error().kind == ErrorKind::unavailable;
  return std::unexpected(is_absent ? no_agent_running(answer.error()) : answer.error());
}

Result<Value> ask_for_pass(const std::string& socket) {
  const Value answer =
      TRY(output_of(call_varlink(socket, "dev.primocane.Agent.Reconcile",
                                 Object{{"wait", true}, {"acceptRewrite", false}}, pass_patience)));
  const Value* report = answer.find("report");
  if (report == nullptr) return fail(ErrorKind::invalid, socket + ": answered without a report");
  return *report;
}

}  // namespace primocane
