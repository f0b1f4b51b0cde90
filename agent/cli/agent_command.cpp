// SPDX-License-Identifier: Apache-2.0
// primocane agent: one life after the other, until it is told to end. A life waits for what is
// missing, or runs with a configuration.
#include "cli/commands.hpp"
#include "cli/config.hpp"
#include "cli/load_config.hpp"
#include "cli/node_report.hpp"
#include "cli/running_agent.hpp"
#include "cli/waiting_agent.hpp"
#include "host/system_clock.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

// Offline sites have no time server: after this long any clock will do.
constexpr std::chrono::minutes clock_patience(5);
constexpr std::chrono::seconds first_retry_pause(2);
constexpr std::chrono::seconds retry_pause_max(60);

// Only what another agent holds is in the way of a second one with `conflict`.
ExitCode exit_code_of(const Error& error) {
  return error.kind == ErrorKind::conflict ? ExitCode::already_running : ExitCode::failed;
}

// By itself, or by the hand of a person who need not start anything again.
bool may_pass(const Error& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::denied;
}

class AgentProcess {
 public:
  AgentProcess(const GlobalOptions& options, const Environment& environment)
      : options_(options), environment_(environment) {}

  Answer run() {
    if (const std::optional<Error> error = unfit_system()) {
      return failed(ExitCode::unsupported, *error);
    }
    for (;;) {
      Result<std::optional<ConfigFile>> file = load();
      // A disk that can't be read may be well again; else whoever starts it is told at once.
      const bool is_final = !file && !has_begun_ && file.error().kind != ErrorKind::unavailable;
      if (is_final) return failed(ExitCode::configuration, file.error());
      has_begun_ = true;
      std::optional<Answer> end = file && *file ? live(std::move(**file)) : await_config();
      if (end) return *std::move(end);
    }
  }

 private:
  Result<std::optional<ConfigFile>> load() const {
    return load_config_if_there(options_.config_file, environment_.credentials_dir);
  }

  // Nothing but another system helps against these.
  std::optional<Error> unfit_system() const {
    for (const Finding& finding :
         report_node(clock_, options_.state_dir, environment_.released_at)) {
      if (finding.check != "kernel" || finding.level != Level::problem) continue;
      return Error{ErrorKind::denied, fmt::format("{}; {}", finding.message, finding.advice)};
    }
    return std::nullopt;
  }

  // Each of these is nothing when the next life begins.

  std::optional<Answer> await(WaitingAgent::Missing missing) {
    WaitingAgent waiting(options_, environment_, std::move(missing), told_);
    if (const Result<void> prepared = waiting.prepare(); !prepared) {
      return failed(exit_code_of(prepared.error()), prepared.error());
    }
    if (waiting.run() == LifeEnd::stopped) return Answer();
    return std::nullopt;
  }

  // Whoever writes the file may need more than one try, so that one that is wrong is waited out.
  std::optional<Answer> await_config() {
    return await([this]() -> std::optional<std::string> {
      const Result<std::optional<ConfigFile>> file = load();
      if (!file) return file.error().message;
      if (*file) return std::nullopt;
      return fmt::format("{}; write it with: sudo primocane init",
                         absent_config(options_.config_file));
    });
  }

  std::optional<Answer> await_clock() {
    const SteadyTime patient_until = clock_.now() + clock_patience;
    return await([this, patient_until]() -> std::optional<std::string> {
      if (!is_clock_behind() || clock_.now() >= patient_until) return std::nullopt;
      return clock_problem() + "; it waits five minutes for it to be set";
    });
  }

  // What fails for want of something that may come: a disk that is full, read-only or not ours.
  std::optional<Answer> await_retry(const Error& error) {
    const SteadyTime until = clock_.now() + retry_pause_;
    retry_pause_ = std::min<Duration>(2 * retry_pause_, retry_pause_max);
    return await([this, until, message = error.message]() -> std::optional<std::string> {
      if (clock_.now() >= until) return std::nullopt;
      return message;
    });
  }

  std::optional<Answer> live(ConfigFile file) {
    if (is_clock_behind() && !has_waited_for_clock_) {
      has_waited_for_clock_ = true;
      return await_clock();
    }
    RunningAgent running(options_, environment_, std::move(file));
    const Result<void> boxed = running.prepare_box();
    if (!boxed && boxed.error().kind == ErrorKind::denied) {
      return failed(ExitCode::unsupported, boxed.error());
    }
    const Result<void> prepared = boxed ? running.prepare() : boxed;
    if (!prepared && may_pass(prepared.error())) return await_retry(prepared.error());
    if (!prepared) return failed(exit_code_of(prepared.error()), prepared.error());
    retry_pause_ = first_retry_pause;
    told_.clear();
    if (running.run() == LifeEnd::stopped) return Answer();
    return std::nullopt;
  }

  bool is_clock_behind() const { return clock_.wall_now() < environment_.released_at; }

  std::string clock_problem() const {
    return fmt::format("the clock is behind {}, when this program was made",
                       write_time(environment_.released_at));
  }

  const GlobalOptions& options_;
  const Environment& environment_;
  SystemClock clock_;
  bool has_begun_ = false;
  bool has_waited_for_clock_ = false;
  std::string told_;  // what it said last that it waits for
  Duration retry_pause_ = first_retry_pause;
};

}  // namespace

Answer run_agent(const GlobalOptions& options, const Environment& environment) {
  // Between two lives nobody takes it.
  std::signal(SIGHUP, SIG_IGN);
  return AgentProcess(options, environment).run();
}

}  // namespace primocane
