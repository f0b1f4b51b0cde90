// SPDX-License-Identifier: Apache-2.0
// primocane agent: builds the parts, joins them, and runs until it is told to end.
#include "base/durable_file.hpp"
#include "base/quantity.hpp"
#include "cli/commands.hpp"
#include "cli/control_service.hpp"
#include "cli/load_config.hpp"
#include "cli/ports.hpp"
#include "cli/settings.hpp"
#include "cli/status_snapshot.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/file_state_store.hpp"
#include "host/private_memory.hpp"
#include "host/service_manager.hpp"
#include "host/signal_watch.hpp"
#include "host/system_clock.hpp"
#include "host/varlink_server.hpp"
#include "reconcile/agent.hpp"
#include "reconcile/renderer.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr const char* control_group = "primocane";

Random make_random() {
  return [engine = std::minstd_rand(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

Result<void> make_folders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return {};
  return fail(ErrorKind::unavailable, fmt::format("{}: {}", path, error.message()));
}

// The parts of a running agent, in the order in which they need each other.
class RunningAgent {
 public:
  RunningAgent(const Config& config, const GlobalOptions& options, const Environment& environment)
      : config_(config), options_(options), environment_(environment) {}

  // Builds everything; nothing runs yet.
  Result<void> prepare() {
    keep_memory_private();
    loop_ = TRY(EpollLoop::make(clock_));
    signals_ = TRY(SignalWatch::make(*loop_, {{SIGHUP, [this] { agent_->trigger(); }},
                                              {SIGTERM, [this] { loop_->stop(); }},
                                              {SIGINT, [this] { loop_->stop(); }}}));
    events_ = make_event_sink(config_, environment_.journal_stream);
    store_ = TRY(FileStateStore::open(options_.state_dir));
    children_ = std::make_unique<Children>(*loop_, children_options(Boxing::required));
    box_ = TRY(children_->box());
    repository_ = TRY(make_repository(*loop_, *children_, config_, options_.state_dir));
    remotes_ = make_remotes(
        *loop_, *children_, *events_, config_,
        {.folder = remotes_folder(options_.state_dir), .unused_max = std::chrono::hours(0)});
    renderer_ = std::make_unique<BoxedRenderer>(*children_, box_limits(config_.render),
                                                remotes_.remotes.get());
    cluster_ = make_cluster(*loop_, config_);
    agent_ = std::make_unique<Agent>(PassParts{.loop = *loop_,
                                               .repository = *repository_,
                                               .renderer = *renderer_,
                                               .cluster = *cluster_,
                                               .store = *store_,
                                               .events = *events_},
                                     agent_settings(config_, environment_.version), make_random(),
                                     [this](const Status& status) { pass_ended(status); });
    return listen();
  }

  void run() {
    loop_->post([this] {
      tell_start();
      service_manager_->ready();
      service_manager_->feed_watchdog([this] {
        return clock_.now() - agent_->running_since().value_or(clock_.now()) < pass_max(config_);
      });
      agent_->start();
    });
    loop_->run();
  }

 private:
  Result<void> listen() {
    TRY(make_folders(options_.runtime_dir));
    control_ = std::make_unique<ControlService>(*agent_);
    server_ = TRY(VarlinkServer::listen(*loop_, options_.control_socket(), control_group,
                                        {.name = std::string(agent_interface),
                                         .description = std::string(agent_interface_description()),
                                         .version = environment_.version,
                                         .methods = agent_methods(),
                                         .call = [this](std::string method, Value parameters) {
                                           return control_->call(std::move(method),
                                                                 std::move(parameters));
                                         }}));
    service_manager_ = std::make_unique<ServiceManager>(*loop_);
    return {};
  }

  void tell_start() {
    events_->emit(
        {.kind = EventKind::agent_started,
         .severity = Severity::info,
         .message = fmt::format("primocane {} follows {} of {}, path {}, every {} (box: {})",
                                environment_.version, config_.git.branch, config_.git.url,
                                config_.path.is_root() ? "." : config_.path.str(),
                                write_duration(config_.interval), to_string(box_))});
    for (const std::string& warning : config_warnings(config_)) {
      events_->emit(
          {.kind = EventKind::agent_started, .severity = Severity::warning, .message = warning});
    }
  }

  void pass_ended(const Status& status) {
    service_manager_->status(summarise_status(status, clock_.wall_now()));
    ignore(snapshot_.update(status), "only read while no agent runs, and written again next time");
  }

  const Config& config_;
  const GlobalOptions& options_;
  const Environment& environment_;
  SystemClock clock_;
  BoxStrength box_ = BoxStrength::none;
  StatusSnapshot snapshot_{[this](std::string_view bytes) {
    return replace_file(options_.status_file(), bytes, Durability::synced, 0644);
  }};
  std::unique_ptr<EpollLoop> loop_;
  std::unique_ptr<SignalWatch> signals_;
  std::unique_ptr<EventSink> events_;
  std::unique_ptr<FileStateStore> store_;
  std::unique_ptr<Children> children_;
  std::unique_ptr<Repository> repository_;
  RemoteParts remotes_;
  std::unique_ptr<BoxedRenderer> renderer_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<ServiceManager> service_manager_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<ControlService> control_;
  std::unique_ptr<VarlinkServer> server_;
};

// Only what another agent holds is in the way of a second one with `conflict`.
ExitCode exit_code_of(const Error& error) {
  return error.kind == ErrorKind::conflict ? ExitCode::already_running : ExitCode::failed;
}

}  // namespace

Answer run_agent(const GlobalOptions& options, const Environment& environment) {
  const Result<ConfigFile> file = load_config(options.config_file);
  if (!file) return failed(ExitCode::configuration, file.error());
  RunningAgent agent(file->config, options, environment);
  const Result<void> prepared = agent.prepare();
  if (!prepared) return failed(exit_code_of(prepared.error()), prepared.error());
  agent.run();
  return {};
}

}  // namespace primocane
