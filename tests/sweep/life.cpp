// SPDX-License-Identifier: Apache-2.0
// One life of the agent for the fault sweep: the real mirror, renderer, store and event loop, and
// a fake cluster that outlives the process (PersistentText). sweep.py lets it die or its system
// calls fail, at every point in turn.
//
//   sweep_life FOLDER REMOTE prepare   a new cluster with objects of others
//   sweep_life FOLDER REMOTE meddle    what people and controllers do behind the agent's back
//   sweep_life FOLDER REMOTE run [--die-before N | --die-after N | --children PROGRAM]
//                                      passes until all is well, and one that must change nothing;
//                                      dies around the Nth write to the cluster; starts its boxed
//                                      children by PROGRAM
//   sweep_life FOLDER REMOTE dump      the cluster as JSON
#include "cli/settings.hpp"
#include "host/boxed_main.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/file_state_store.hpp"
#include "host/signal_watch.hpp"
#include "host/system_clock.hpp"
#include "reconcile/pass.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/sources.hpp"
#include "render/render_work.hpp"
#include "source/artifact_work.hpp"
#include "source/git_repository.hpp"
#include "source/pack_index_work.hpp"
#include "support/fake_cluster.hpp"
#include "support/local_git.hpp"
#include "support/test_loop.hpp"
#include "support/yaml.hpp"
#include "sweep/persistent_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

constexpr int passes_max = 4;

// Tells on standard error, so that a failed sweep shows what the life said.
class Told final : public EventSink {
 public:
  void emit(const Event& event) override { fmt::print(stderr, "{}\n", event.message); }
};

struct RunOptions {
  // When the process ends itself: around which write to the cluster, counted from 1.
  std::uint64_t die_before = 0;
  std::uint64_t die_after = 0;
  std::string children = "/proc/self/exe";
};

class Life {
 public:
  Life(const std::string& folder, const std::string& remote)
      : folder_(folder), remote_(remote), kept_(folder + "/cluster") {
    const std::string text = kept_.get();
    if (text.empty()) return;
    const Result<void> loaded = cluster_.load(text);
    if (!loaded) throw std::runtime_error(loaded.error().message);
  }

  void prepare() {
    create("{apiVersion: v1, kind: ConfigMap, metadata: {name: mine, namespace: default}}");
    create(
        "{apiVersion: v1, kind: Secret, metadata: {name: release, namespace: default,"
        " labels: {app.kubernetes.io/managed-by: Helm}}}");
    create(
        "{apiVersion: v1, kind: Service, metadata: {name: labelled, namespace: default,"
        " labels: {applyset.kubernetes.io/part-of: applyset-of-another-tool-v1}}}");
    kept_.set(cluster_.dump());
  }

  void meddle() {
    cluster_.edit({"", "ConfigMap", "home", "kept"}, "kubectl-edit",
                  yaml_value("{data: {k: by hand, added: by hand}}"));
    cluster_.delete_object({"apps", "Deployment", "home", "web"});
    cluster_.label_copy({"", "Secret", "home", "key"}, "copy");
    kept_.set(cluster_.dump());
  }

  void dump() const { fmt::print("{}\n", cluster_.dump()); }

  // True when all is well and stays so without another write.
  bool run(const RunOptions& options) {
    cluster_.on_effect = [&](std::string_view /*what*/) {
      if (++writes_ == options.die_before) ::raise(SIGKILL);
    };
    cluster_.after_effect = [&](std::string_view /*what*/) {
      kept_.set(cluster_.dump());
      if (writes_ == options.die_after) ::raise(SIGKILL);
    };
    const bool is_well = reconcile(options.children);
    fmt::print("{}\n", writes_);
    return is_well;
  }

 private:
  void create(std::string_view yaml) { cluster_.create(yaml_value(yaml)); }

  bool reconcile(const std::string& executable) {
    Told events;
    Children children(*loop_,
                      {.boxing = Boxing::best_effort, .box_user = {}, .executable = executable});
    auto store = FileStateStore::open(folder_ + "/state");
    if (!store) {
      fmt::print(stderr, "{}\n", store.error().message);
      return false;
    }
    MirrorFolder mirror{.path = folder_ + "/state/mirror.git", .readers = {}};
    if (::geteuid() == 0) mirror.readers = BoxUser{}.gid;
    GitSettings git;
    git.url = "https://git.example.org/home.git";
    GitRepository repository(git, std::move(mirror), *loop_, children,
                             std::make_unique<LocalGit>(children, remote_));
    BoxedRenderer renderer(children, BoxLimits{}, nullptr);
    Sources sources(repository, nullptr, clock_);
    PassSettings settings;
    settings.name = root_kustomization();
    PassMemory memory;
    load_memory(memory, **store, events);
    const PassParts parts{.loop = *loop_,
                          .repository = repository,
                          .renderer = renderer,
                          .cluster = cluster_,
                          .sources = sources,
                          .store = **store,
                          .events = events};
    for (int pass = 0; pass < passes_max; ++pass) {
      const PassReport report = run_until_done(*loop_, run_pass(parts, settings, memory, {}));
      if (!report.problems.empty() || report.worst || report.is_waiting) continue;
      const std::uint64_t writes_before = writes_;
      const PassReport last = run_until_done(*loop_, run_pass(parts, settings, memory, {}));
      if (writes_ != writes_before) fmt::print(stderr, "a pass without news wrote\n");
      return writes_ == writes_before && last.problems.empty();
    }
    return false;
  }

  std::string folder_;
  std::string remote_;
  SystemClock clock_;
  std::unique_ptr<EpollLoop> loop_ = EpollLoop::make(clock_).value();
  FakeCluster cluster_{*loop_};
  PersistentText kept_;
  std::uint64_t writes_ = 0;
};

int run_boxed_work(BoxedWork work) {
  switch (work) {
    case BoxedWork::render:
      return run_render_work();
    case BoxedWork::index:
      return run_pack_index_work();
    case BoxedWork::unpack:
      return run_artifact_work();
  }
  return EXIT_FAILURE;
}

std::uint64_t read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc()) throw std::runtime_error("no number");
  return number;
}

int live(const std::vector<std::string>& arguments) {
  if (arguments.size() != 3 && arguments.size() != 5) {
    throw std::runtime_error("see the head of tests/sweep/life.cpp");
  }
  Life life(arguments[0], arguments[1]);
  const std::string& what = arguments[2];
  if (what == "prepare") life.prepare();
  if (what == "meddle") life.meddle();
  if (what == "dump") life.dump();
  if (what != "run") return EXIT_SUCCESS;
  RunOptions options;
  if (arguments.size() == 5) {
    const std::string& name = arguments[3];
    const std::string& value = arguments[4];
    if (name == "--die-before") options.die_before = read_number(value);
    if (name == "--die-after") options.die_after = read_number(value);
    if (name == "--children") options.children = value;
  }
  return life.run(options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char* argv[]) {
  const std::span<char* const> arguments(argv, static_cast<std::size_t>(argc));
  if (const auto code = run_if_boxed(arguments, run_boxed_work)) return *code;
  ignore_broken_pipes();
  try {
    return live({arguments.begin() + 1, arguments.end()});
  } catch (const std::exception& error) {
    fmt::print(stderr, "sweep_life: {}\n", error.what());
    return 64;
  }
}
