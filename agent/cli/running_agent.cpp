// SPDX-License-Identifier: Apache-2.0
#include "cli/running_agent.hpp"

#include "base/quantity.hpp"
#include "cli/load_config.hpp"
#include "cli/node_report.hpp"
#include "cli/settings.hpp"
#include "host/free_memory.hpp"
#include "host/memory_limit.hpp"
#include "host/node_identity.hpp"
#include "host/private_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <utility>

namespace primocane {

namespace {

constexpr Duration memory_look_pause = std::chrono::seconds(10);
constexpr Duration memory_relief_pause = std::chrono::minutes(10);

Random make_random() {
  return [engine = std::minstd_rand(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
}

// The advice is the doctor's to give: from inside the service's sandbox other mounts are seen, and
// not how the kernel was started.
std::string as_notice(const Finding& finding) {
  return finding.message + "; sudo primocane doctor says what to do";
}

}  // namespace

RunningAgent::RunningAgent(const GlobalOptions& options, const Environment& environment,
                           ConfigFile file)
    : life_(options, environment), file_(std::move(file)) {}

Result<void> RunningAgent::prepare_box() {
  keep_memory_private();
  TRY(life_.prepare([this] { reload(); }));
  children_ = std::make_unique<Children>(life_.loop(), limited_children());
  box_ = TRY(children_->box());
  return {};
}

// A child shall meet a limit of its own before the kernel has to choose one of us.
ChildrenOptions RunningAgent::limited_children() {
  ChildrenOptions children = children_options(Boxing::required);
  const std::optional<ByteCount> all = cgroup_memory_max();
  if (!all) return children;
  children.memory_max = child_memory_max(*all);
  const ByteCount wanted = file_.config.render.memory;
  if (wanted > *children.memory_max) {
    lasting_notices_.push_back(fmt::format(
        "render.memory is {}, but of the {} that the service may use (MemoryMax=) a rendering gets "
        "{} at most",
        write_size(wanted), write_size(*all), write_size(*children.memory_max)));
  }
  return children;
}

Result<void> RunningAgent::prepare() {
  EventLoop& loop = life_.loop();
  const Config& config = file_.config;
  const GlobalOptions& options = life_.options();
  drift_ = std::make_unique<DriftLog>(life_.clock().wall_now());
  events_ = std::make_unique<DriftSink>(
      *drift_, life_.clock(), make_event_sink(loop, config, life_.environment().journal_stream));
  for (std::string& warning : config_warnings(config)) {
    lasting_notices_.push_back(std::move(warning));
  }
  store_ = TRY(FileStateStore::open(options.state_dir));
  auto repository = TRY(make_repository(loop, *children_, config, options.state_dir));
  TRY(require_signatures(*repository, config, options));
  repository_ = std::move(repository);
  remotes_ = make_remotes(
      loop, *children_, *events_, config,
      {.folder = remotes_folder(options.state_dir), .unused_max = std::chrono::hours(0)});
  renderer_ = std::make_unique<BoxedRenderer>(*children_, box_limits(config.render),
                                              remotes_.remotes.get());
  cluster_ = make_cluster(loop, config);
  live_ = std::make_unique<LiveCluster>(*cluster_, loop);
  inputs_ = std::make_unique<InputWatch>(*cluster_, loop);
  servers_ = std::make_unique<ServerNodes>(
      *cluster_, loop,
      NodeIdentity{
          .node_name = config.node_name, .host_name = host_name(), .machine_id = machine_id()});
  turn_ = std::make_unique<Turn>(*servers_, loop, *events_, config.interval);
  std::string authorities = system_authorities();
  source_opener_ = make_source_opener(loop, *children_, config, options, authorities);
  sources_ = std::make_unique<Sources>(*repository_, source_opener_.get(), life_.clock());
  keys_ = make_decryption_keys(config);
  charts_ = make_chart_finder(loop, *children_, options.state_dir, std::move(authorities));
  agent_ = std::make_unique<Agent>(PassParts{.loop = loop,
                                             .repository = *repository_,
                                             .renderer = *renderer_,
                                             .cluster = *cluster_,
                                             .sources = *sources_,
                                             .store = *store_,
                                             .events = *events_,
                                             .keys = &keys_,
                                             .charts = charts_.get(),
                                             .live = live_.get(),
                                             .inputs = inputs_.get(),
                                             .turn = turn_.get()},
                                   agent_settings(config, life_.environment().version),
                                   make_random(), [this](const Status& status) { tell(status); });
  control_ = std::make_unique<ControlService>(*agent_, status_, *drift_);
  server_ = TRY(life_.serve(*control_));
  return {};
}

LifeEnd RunningAgent::run() {
  return life_.run(
      [this] {
        tell_start();
        agent_->start();
        watch_memory(memory_look_pause);
        tell(agent_->status());
      },
      [this] { return is_alive(); });
}

// What was given up is rendered anew by the next pass: doing that all the time would help nobody.
void RunningAgent::watch_memory(Duration pause) {
  memory_timer_ = life_.loop().after(pause, [this] {
    const bool is_short = memory_pressure_.has_risen();
    if (is_short) agent_->give_up_renderings();
    if (is_short) return_free_memory();
    watch_memory(is_short ? memory_relief_pause : memory_look_pause);
  });
}

bool RunningAgent::is_alive() const {
  const SteadyTime now = life_.clock().now();
  return now - agent_->running_since().value_or(now) < pass_max(file_.config);
}

// A configuration that is wrong, or gone, is no reason to stop what works.
void RunningAgent::reload() {
  const std::string& path = life_.options().config_file;
  Result<std::optional<ConfigFile>> read =
      load_config_if_there(path, life_.environment().credentials_dir);
  if (read && *read) {
    if ((*read)->config != file_.config) return life_.renew();
    agent_->trigger();
    return;
  }
  events_->emit({.kind = EventKind::config_refused,
                 .severity = Severity::error,
                 .message = fmt::format("the changed configuration is not taken, the former stays "
                                        "in force: {}",
                                        read ? absent_config(path) : read.error().message)});
}

void RunningAgent::tell_start() {
  const Config& config = file_.config;
  events_->emit(
      {.kind = EventKind::agent_started,
       .severity = Severity::info,
       .message = fmt::format("primocane {} follows {} of {}, path {}, every {} (box: {})",
                              life_.environment().version, config.git.branch, config.git.url,
                              config.path.is_root() ? "." : config.path.str(),
                              write_duration(config.interval), to_string(box_))});
  for (const std::string& notice : lasting_notices_) tell_unfit(notice, Level::warning);
}

void RunningAgent::tell_unfit(const std::string& message, Level level) {
  events_->emit({.kind = EventKind::node_unfit,
                 .severity = level == Level::problem ? Severity::error : Severity::warning,
                 .message = message});
}

// Looks at the node for each pass: a disk fills and is emptied while the agent runs. What was told
// before is told again when it gets worse, not when its figures change.
void RunningAgent::tell(const Status& status) {
  return_free_memory();
  status_ = status;
  status_.notices = lasting_notices_;
  const std::vector<Finding> known = std::exchange(unfit_, find_unfit());
  for (const Finding& finding : unfit_) {
    status_.notices.push_back(as_notice(finding));
    const bool is_known = std::ranges::any_of(known, [&](const Finding& other) {
      return other.check == finding.check && other.level == finding.level;
    });
    if (!is_known) tell_unfit(status_.notices.back(), finding.level);
  }
  life_.tell(status_);
}

std::vector<Finding> RunningAgent::find_unfit() const {
  std::vector<Finding> findings =
      report_node(life_.clock(), life_.options().state_dir, life_.environment().released_at);
  std::erase_if(findings, [](const Finding& finding) {
    // That nobody has set the clock yet is usual after a start.
    const bool is_usual = finding.check == "clock" && finding.level == Level::warning;
    return finding.level == Level::ok || is_usual;
  });
  return findings;
}

}  // namespace primocane
