// SPDX-License-Identifier: Apache-2.0
// primocane plan: what applying a revision or a folder would change.
#include "cli/commands.hpp"
#include "cli/load_config.hpp"
#include "cli/output.hpp"
#include "cli/plan_text.hpp"
#include "cli/ports.hpp"
#include "cli/settings.hpp"
#include "cli/user_remotes.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/private_memory.hpp"
#include "host/system_clock.hpp"
#include "host/work_tree.hpp"
#include "reconcile/preview.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/sources.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

// The repository and where it stands, and what lies elsewhere.
struct PlanSources {
  std::unique_ptr<Repository> repository;
  std::unique_ptr<SourceOpener> opener;
  std::unique_ptr<Sources> sources;
  RemoteParts remotes;
};

// A folder of this machine, with what the user's cache holds of all else.
Result<void> take_folder(PlanSources& parts, PassSettings& settings, const std::string& folder) {
  WorkTreeFolder tree = TRY(find_work_tree(folder));
  settings.path = std::move(tree.path);
  parts.sources->set_configured_folder(std::move(tree.root));
  return {};
}

Result<void> take_revision(PlanSources& parts, EventLoop& loop, const std::string& name) {
  const Revision revision = TRY(run_until_done(loop, parts.repository->resolve(name)));
  parts.sources->set_configured(revision);
  return {};
}

Result<Preview> plan(const Config& config, const GlobalOptions& options, const PlanCommand& command,
                     const Environment& environment, std::string& warnings) {
  keep_memory_private();
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = TRY(EpollLoop::make(clock));
  const bool is_own_folder = !command.folder.empty();
  Children children(*loop,
                    children_options(is_own_folder ? Boxing::best_effort : Boxing::required));
  if (is_own_folder) warnings = box_warning(TRY(children.box()));
  WarningLines events(warnings);
  PassSettings settings = agent_settings(config, environment.version).pass;
  PlanSources parts;
  // Nothing locks the mirrors while they are read: an agent that tidies one up just then makes the
  // rendering fail, and the command can be given again. What the agent uses stays: only it knows.
  GlobalOptions place = options;
  if (is_own_folder) {
    place.state_dir = environment.cache_dir;
    place.runtime_dir = environment.cache_dir;
    parts.repository = TRY(find_repository(*loop, children, config, options.state_dir));
    parts.remotes = make_user_remotes(*loop, children, events, config, environment);
  } else {
    parts.repository = TRY(make_repository(*loop, children, config, options.state_dir));
    parts.remotes = make_remotes(*loop, children, events, config,
                                 {.folder = remotes_folder(options.state_dir), .unused_max = {}});
  }
  if (!place.state_dir.empty()) {
    parts.opener = make_source_opener(*loop, children, config, place, system_authorities());
  }
  parts.sources = std::make_unique<Sources>(*parts.repository, parts.opener.get(), clock);
  if (is_own_folder) {
    TRY(take_folder(parts, settings, command.folder));
  } else {
    TRY(take_revision(parts, *loop,
                      command.revision.empty() ? config.git.branch : command.revision));
  }
  DecryptionKeys keys = make_decryption_keys(config);
  BoxedRenderer renderer(children, box_limits(config.render), parts.remotes.remotes.get());
  const std::unique_ptr<Cluster> cluster = make_cluster(*loop, config);
  return run_until_done(*loop, preview({.loop = *loop,
                                        .repository = *parts.repository,
                                        .renderer = renderer,
                                        .cluster = *cluster,
                                        .sources = *parts.sources,
                                        .keys = keys},
                                       std::move(settings)));
}

}  // namespace

Answer run_plan(const GlobalOptions& options, const PlanCommand& command,
                const Environment& environment) {
  const Result<ConfigFile> file = load_config(options.config_file);
  if (!file) return failed(ExitCode::configuration, file.error());
  Answer answer;
  const Result<Preview> preview = plan(file->config, options, command, environment, answer.err);
  if (!preview) {
    answer.exit_code = ExitCode::failed;
    answer.err += fmt::format("primocane: {}\n", preview.error().message);
    return answer;
  }
  answer.exit_code = exit_code_of(*preview);
  answer.out = print(options.output, write_preview(*preview), describe_preview(*preview));
  return answer;
}

}  // namespace primocane
