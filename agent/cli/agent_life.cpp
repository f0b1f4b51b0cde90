// SPDX-License-Identifier: Apache-2.0
#include "cli/agent_life.hpp"

#include "base/durable_file.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr const char* control_group = "primocane";

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return {};
  return fail(ErrorKind::unavailable, fmt::format("{}: {}", path, error.message()));
}

}  // namespace

AgentLife::AgentLife(const GlobalOptions& options, const Environment& environment)
    : options_(options), environment_(environment), snapshot_([this](std::string_view bytes) {
        return replace_file(options_.status_file(), bytes, Durability::synced, 0644);
      }) {}

Result<void> AgentLife::prepare(std::function<void()> hang_up) {
  loop_ = TRY(EpollLoop::make(clock_));
  const auto stop = [this] {
    end_ = LifeEnd::stopped;
    loop_->stop();
  };
  signals_ = TRY(
      SignalWatch::make(*loop_, {{SIGHUP, std::move(hang_up)}, {SIGTERM, stop}, {SIGINT, stop}}));
  service_manager_ = std::make_unique<ServiceManager>(*loop_);
  return {};
}

Result<std::unique_ptr<VarlinkServer>> AgentLife::serve(ControlService& service) {
  TRY(make_folders(options_.runtime_dir));
  return VarlinkServer::listen(*loop_, options_.control_socket(), control_group,
                               {.name = std::string(agent_interface),
                                .description = std::string(agent_interface_description()),
                                .version = environment_.version,
                                .methods = agent_methods(),
                                .call = [&service](std::string method, Value parameters) {
                                  return service.call(std::move(method), std::move(parameters));
                                }});
}

LifeEnd AgentLife::run(std::function<void()> begin, std::function<bool()> is_alive) {
  loop_->post([this, begin = std::move(begin), is_alive = std::move(is_alive)] {
    service_manager_->ready();
    service_manager_->feed_watchdog(is_alive);
    begin();
  });
  loop_->run();
  return end_;
}

void AgentLife::renew() {
  end_ = LifeEnd::renewed;
  loop_->stop();
}

void AgentLife::tell(const Status& status) {
  service_manager_->status(summarise_status(status, clock_.wall_now()));
  ignore(snapshot_.update(status), "only read while no agent runs, and written again next time");
}

}  // namespace primocane
