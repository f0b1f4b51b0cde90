// SPDX-License-Identifier: Apache-2.0
// primocane explain: where an object comes from, how it stands, and what others did to it.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/explain_text.hpp"
#include "cli/output.hpp"

#include <utility>

namespace primocane {

Answer run_explain(const GlobalOptions& options, const ExplainCommand& command) {
  const ObjectReference& object = command.object;
  Object parameters{{"kind", object.kind}, {"name", object.name}};
  if (!object.namespace_name.empty()) parameters.append("namespace", object.namespace_name);
  const Result<Value> told = call_agent(options.control_socket(), "Explain", std::move(parameters));
  if (!told) return failed(ExitCode::failed, told.error());
  const Result<ExplainAnswer> answer = read_explain_answer(*told);
  if (!answer) return failed(ExitCode::failed, answer.error());
  if (answer->objects.empty()) {
    return failed(ExitCode::failed, {ErrorKind::invalid, describe_absence(object, answer->near)});
  }
  return {.exit_code = ExitCode::done,
          .out = print(options.output, *told, describe_explanations(*answer))};
}

}  // namespace primocane
