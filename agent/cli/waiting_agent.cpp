// SPDX-License-Identifier: Apache-2.0
#include "cli/waiting_agent.hpp"

#include "cli/config.hpp"
#include "cli/ports.hpp"

#include <chrono>
#include <utility>

namespace primocane {

namespace {

constexpr std::chrono::seconds between_looks(2);

}  // namespace

WaitingAgent::WaitingAgent(const GlobalOptions& options, const Environment& environment,
                           Missing missing, std::string& told)
    : life_(options, environment), missing_(std::move(missing)), told_(told) {
  status_.state = AgentState::waiting;
  status_.version = environment.version;
}

Result<void> WaitingAgent::prepare() {
  TRY(life_.prepare([this] { look(); }));
  events_ = make_event_sink(life_.loop(), Config(), life_.environment().journal_stream);
  Result<std::unique_ptr<VarlinkServer>> served = life_.serve(control_);
  if (served) {
    server_ = *std::move(served);
  } else if (served.error().kind == ErrorKind::conflict) {
    return std::unexpected(std::move(served).error());
  }
  return {};  // without a socket: it may be what it waits for that keeps it from being made
}

LifeEnd WaitingAgent::run() {
  return life_.run([this] { look(); }, [] { return true; });
}

void WaitingAgent::look() {
  const std::optional<std::string> missing = missing_();
  if (!missing) return life_.renew();
  timer_ = life_.loop().after(between_looks, [this] { look(); });
  std::vector<Problem> problems{{.object = {}, .message = *missing}};
  if (problems == status_.problems) return;
  status_.problems = std::move(problems);
  life_.tell(status_);
  if (std::exchange(told_, *missing) == *missing) return;
  events_->emit({.kind = EventKind::agent_waiting,
                 .severity = Severity::warning,
                 .message = "waiting: " + *missing});
}

}  // namespace primocane
