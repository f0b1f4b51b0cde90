// SPDX-License-Identifier: Apache-2.0
// primocane adopt: goes on where another tool stands.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/load_config.hpp"
#include "cli/move_text.hpp"
#include "cli/output.hpp"
#include "cli/ports.hpp"
#include "cli/report_text.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "reconcile/flux_mover.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view way_back = "to go back: primocane release\n";

Result<MovePlan> adopt(const Config& config, const AdoptCommand& command) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = TRY(EpollLoop::make(clock));
  const std::unique_ptr<Cluster> cluster = make_cluster(*loop, config);
  ConfiguredFolder folder{.repository = {.url = config.git.url, .branch = config.git.branch},
                          .path = config.path};
  if (command.dry_run) {
    return run_until_done(*loop, preview_adoption(*cluster, std::move(folder)));
  }
  return run_until_done(*loop, adopt_flux(*cluster, *loop, std::move(folder)));
}

// Lets the agent take what is its own now, and adds what came of it to `answer`.
void let_agent_apply(const GlobalOptions& options, const Value& moves, std::string text,
                     Answer& answer) {
  const Result<Value> report = ask_for_pass(options.control_socket());
  Value value = moves;
  if (report) {
    value.as_object()->append("report", *report);
    text += describe_report(*report);
    if (!is_without_problems(*report)) answer.exit_code = ExitCode::failed;
  } else if (report.error().kind == ErrorKind::unavailable) {
    text += "no agent is running here; start it: sudo systemctl enable --now primocane\n";
  } else {
    answer.exit_code = ExitCode::failed;
    answer.err = fmt::format("primocane: the agent's pass: {}\n", report.error().message);
  }
  text += way_back;
  answer.out = print(options.output, value, text);
}

}  // namespace

Answer run_adopt(const GlobalOptions& options, const AdoptCommand& command) {
  const Result<ConfigFile> file = load_config(options.config_file);
  if (!file) return failed(ExitCode::configuration, file.error());
  const Result<MovePlan> plan = adopt(file->config, command);
  if (!plan) return failed(ExitCode::failed, plan.error());
  const Made made = command.dry_run ? Made::not_yet : Made::yes;
  Answer answer{.exit_code = exit_code_of(*plan, made)};
  const Value moves = write_moves(*plan);
  std::string text = describe_moves(*plan, made);
  if (command.dry_run || !plan->obstacles.empty()) {
    answer.out = print(options.output, moves, text);
    return answer;
  }
  let_agent_apply(options, moves, std::move(text), answer);
  return answer;
}

}  // namespace primocane
