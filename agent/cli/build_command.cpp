// SPDX-License-Identifier: Apache-2.0
// primocane build: renders a folder of this machine and prints the objects.
#include "cli/commands.hpp"
#include "cli/ports.hpp"
#include "cli/settings.hpp"
#include "cli/user_remotes.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/private_memory.hpp"
#include "host/system_clock.hpp"
#include "host/work_tree.hpp"
#include "reconcile/renderer.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

Result<std::string> build(const BuildCommand& command, const Environment& environment,
                          std::string& warnings) {
  if (!command.age_key_file.empty()) keep_memory_private();
  DecryptionKeys keys = decryption_keys_of(command.age_key_file, "--age-key-file");
  std::shared_ptr<const Identities> identities;
  if (keys.has_file()) identities = TRY(keys.of_file());
  WorkTreeFolder tree = TRY(find_work_tree(command.folder));
  const SystemClock clock;
  const std::unique_ptr<EpollLoop> loop = TRY(EpollLoop::make(clock));
  Children children(*loop, children_options(Boxing::best_effort));
  warnings = box_warning(TRY(children.box()));
  const Config config = user_config(environment);
  WarningLines events(warnings);
  const RemoteParts parts = make_user_remotes(*loop, children, events, config, environment);
  BoxedRenderer renderer(children, box_limits(config.render), parts.remotes.get());
  for (;;) {
    RenderRequest request = folder_request(tree.path, RenderOutput::resources, config.render);
    request.load_restrictor = command.load_restrictor;
    request.reorder = command.reorder;
    request.identities = identities;
    auto text = run_until_done(*loop, renderer.render_text(std::move(request), tree.root));
    if (text || text.error().kind != ErrorKind::denied) return text;
    // A base may lie outside of the repository, or of the folder where there is none; the box shows
    // no more than it takes to reach it.
    auto wider = widened(tree);
    if (!wider) return text;
    tree = std::move(*wider);
  }
}

}  // namespace

Answer run_build(const BuildCommand& command, const Environment& environment) {
  Answer answer;
  Result<std::string> text = build(command, environment, answer.err);
  if (!text) {
    answer.exit_code = ExitCode::failed;
    answer.err += fmt::format("primocane: {}\n", text.error().message);
    return answer;
  }
  answer.out = std::move(*text);
  return answer;
}

}  // namespace primocane
