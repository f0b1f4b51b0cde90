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

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

// What is rendered, and from where.
struct Wanted {
  RenderRequest request;
  std::string root;
};

Task<Result<Preview>> render_and_preview(BoxedRenderer& renderer, Cluster& cluster, Wanted wanted,
                                         PruneSettings prune) {
  const KustomizationName name = wanted.request.name;
  CO_TRY(Rendering rendering,
         co_await renderer.render(std::move(wanted.request), std::move(wanted.root)));
  Task<Result<Preview>> previewing = preview(cluster, name, std::move(rendering.objects),
                                             std::move(rendering.flux_objects), std::move(prune));
  Result<Preview> previewed = co_await previewing;
  co_return previewed;
}

Result<Wanted> wanted_folder(const std::string& folder, const Config& config) {
  WorkTreeFolder tree = TRY(find_work_tree(folder));
  return Wanted{
      .request = folder_request(std::move(tree.path), RenderOutput::desired, config.render),
      .root = std::move(tree.root)};
}

Result<Wanted> wanted_revision(EventLoop& loop, Repository& repository, const std::string& name,
                               const Config& config) {
  const Revision revision = TRY(run_until_done(loop, repository.resolve(name)));
  RenderRequest request = folder_request(config.path, RenderOutput::desired, config.render);
  request.source = RenderSource::commit;
  request.commit = revision.commit;
  return Wanted{.request = std::move(request), .root = repository.mirror_path()};
}

Result<Preview> plan(const Config& config, const GlobalOptions& options, const PlanCommand& command,
                     const Environment& environment, std::string& warnings) {
  keep_memory_private();
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = TRY(EpollLoop::make(clock));
  const bool is_own_folder = !command.folder.empty();
  Children children(*loop,
                    children_options(is_own_folder ? Boxing::best_effort : Boxing::required));
  Wanted wanted;
  if (is_own_folder) {
    warnings = box_warning(TRY(children.box()));
    wanted = TRY(wanted_folder(command.folder, config));
  } else {
    const std::unique_ptr<Repository> repository =
        TRY(make_repository(*loop, children, config, options.state_dir));
    const std::string& name = command.revision.empty() ? config.git.branch : command.revision;
    // Nothing locks the mirror while it is read below: an agent that tidies it up just then makes
    // the rendering fail, and the command can be given again.
    wanted = TRY(wanted_revision(*loop, *repository, name, config));
  }
  WarningLines events(warnings);
  // What the agent uses stays: only it knows.
  const RemoteParts parts =
      is_own_folder ? make_user_remotes(*loop, children, events, config, environment)
                    : make_remotes(*loop, children, events, config,
                                   {.folder = remotes_folder(options.state_dir), .unused_max = {}});
  DecryptionKeys keys = make_decryption_keys(config);
  if (keys.has_file()) wanted.request.identities = TRY(keys.of_file());
  BoxedRenderer renderer(children, box_limits(config.render), parts.remotes.get());
  const std::unique_ptr<Cluster> cluster = make_cluster(*loop, config);
  return run_until_done(
      *loop, render_and_preview(renderer, *cluster, std::move(wanted), prune_settings(config)));
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
