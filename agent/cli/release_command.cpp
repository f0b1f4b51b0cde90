// SPDX-License-Identifier: Apache-2.0
// primocane release: gives a cluster back to the tool that it was adopted from.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/load_config.hpp"
#include "cli/move_text.hpp"
#include "cli/output.hpp"
#include "cli/ports.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "reconcile/flux_mover.hpp"

#include <memory>

namespace primocane {

namespace {

Result<MovePlan> release(const Config& config, const ReleaseCommand& command) {
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = TRY(EpollLoop::make(clock));
  const std::unique_ptr<Cluster> cluster = make_cluster(*loop, config);
  if (command.dry_run) return run_until_done(*loop, preview_return(*cluster));
  return run_until_done(*loop, return_to_flux(*cluster, *loop));
}

// What is given back would be taken again at once. A dry run may be looked at meanwhile.
Result<void> require_no_agent(const GlobalOptions& options, const ReleaseCommand& command) {
  if (command.dry_run) return {};
  const Result<Value> status = ask_agent(options.control_socket());
  if (!status && status.error().kind == ErrorKind::unavailable) return {};
  return fail(ErrorKind::denied,
              "the agent runs, and would take again what is given back: stop it on every server "
              "node first (sudo systemctl disable --now primocane)");
}

}  // namespace

Answer run_release(const GlobalOptions& options, const ReleaseCommand& command) {
  const Result<ConfigFile> file = load_config(options.config_file);
  if (!file) return failed(ExitCode::configuration, file.error());
  const Result<void> is_alone = require_no_agent(options, command);
  if (!is_alone) return failed(ExitCode::failed, is_alone.error());
  const Result<MovePlan> plan = release(file->config, command);
  if (!plan) return failed(ExitCode::failed, plan.error());
  const Made made = command.dry_run ? Made::not_yet : Made::yes;
  return {.exit_code = exit_code_of(*plan, made),
          .out = print(options.output, write_moves(*plan), describe_moves(*plan, made))};
}

}  // namespace primocane
