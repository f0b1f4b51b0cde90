// SPDX-License-Identifier: Apache-2.0
#include "scenarios/scenario.hpp"

#include "cli/config.hpp"
#include "cli/plan_text.hpp"
#include "cli/settings.hpp"
#include "document/yaml_reader.hpp"
#include "reconcile/preview.hpp"
#include "scenarios/tree_renderer.hpp"
#include "support/pass_world.hpp"
#include "support/read_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

namespace fs = std::filesystem;

constexpr int passes_max = 9;                // a commit's id is forty times one digit
constexpr std::chrono::minutes interval{1};  // from one pass to the next
constexpr std::string_view confirm_command = "--confirm-prune ";
constexpr std::size_t hash_length = 16;

// What happens before one pass.
struct Step {
  std::optional<fs::path> repo;     // a new commit with this tree
  std::optional<fs::path> cluster;  // what others do to the cluster
  bool is_confirmed = false;        // a person runs the command that was named last
};

std::optional<fs::path> present(const fs::path& path) {
  return fs::exists(path) ? std::optional<fs::path>(path) : std::nullopt;
}

std::vector<Step> steps_in(const fs::path& folder) {
  std::vector<Step> steps;
  for (int number = 1; number <= passes_max; ++number) {
    Step step{.repo = present(folder / fmt::format("repo-{}", number)),
              .cluster = present(folder / fmt::format("cluster-{}", number)),
              .is_confirmed = fs::exists(folder / fmt::format("confirm-{}", number))};
    if (number == 1 && !step.repo) step.repo = present(folder / "repo");
    if (number == 1 && !step.cluster) step.cluster = present(folder / "cluster");
    if (!step.repo && !step.cluster && !step.is_confirmed) break;
    steps.push_back(std::move(step));
  }
  return steps;
}

// The hash depends on uids, which say nothing to a reader.
std::string without_hashes(std::string text) {
  std::size_t at = 0;
  while ((at = text.find(confirm_command, at)) != std::string::npos) {
    at += confirm_command.size();
    text.replace(at, std::min(hash_length, text.size() - at), "HASH");
  }
  return text;
}

class Play {
 public:
  explicit Play(PassSettings settings) {
    world_.settings = std::move(settings);
    world_.cluster.on_request = [this](const FakeRequest& request) { return refusal_of(request); };
  }

  Result<ScenarioOutcome> run(const std::vector<Step>& steps) {
    for (const Step& step : steps) TRY(run_step(step));
    return std::move(outcome_);
  }

 private:
  Result<void> run_step(const Step& step) {
    if (++number_ > 1) world_.loop.run_for(interval);
    if (step.repo) {
      commit_ = world_.repository.push(static_cast<char>('0' + number_));
      renderer_.folders.insert_or_assign(*commit_, step.repo->string());
    }
    if (step.cluster) TRY(change_cluster(*step.cluster));
    if (!commit_) return fail(ErrorKind::invalid, "a scenario needs a commit to begin with");
    const std::string heading = fmt::format("{}# pass {}\n", number_ > 1 ? "\n" : "", number_);
    outcome_.plan += heading + without_hashes(plan());
    outcome_.events += heading + without_hashes(pass(step));
    return {};
  }

  std::string plan() {
    Sources sources(world_.repository, nullptr, world_.loop.clock());
    const Result<Revision> revision =
        run_until_done(world_.loop, world_.repository.resolve(commit_->str()));
    if (!revision) return fmt::format("primocane: {}\n", revision.error().message);
    sources.set_configured(*revision);
    const Result<Preview> preview =
        run_until_done(world_.loop, primocane::preview({.loop = world_.loop,
                                                        .repository = world_.repository,
                                                        .renderer = renderer_,
                                                        .cluster = world_.cluster,
                                                        .sources = sources,
                                                        .keys = world_.keys},
                                                       world_.settings));
    if (!preview) return fmt::format("primocane: {}\n", preview.error().message);
    return describe_preview(*preview);
  }

  std::string pass(const Step& step) {
    const PassParts parts{.loop = world_.loop,
                          .repository = world_.repository,
                          .renderer = renderer_,
                          .cluster = world_.cluster,
                          .sources = world_.sources,
                          .store = world_.store,
                          .events = world_.events};
    PassRequest request;
    if (step.is_confirmed) request.confirm_prune = named_hash_;
    world_.events.clear();
    run_until_done(world_.loop,
                   run_pass(parts, world_.settings, world_.memory, std::move(request)));
    std::string text;
    for (const Event& event : world_.events.events) {
      const std::size_t command = event.message.find(confirm_command);
      if (command != std::string::npos) {
        named_hash_ = event.message.substr(command + confirm_command.size(), hash_length);
      }
      if (event.severity == Severity::debug) continue;
      text += fmt::format("{} {}: {}\n", to_string(event.severity), to_string(event.kind),
                          event.message);
    }
    return text.empty() ? "nothing is told\n" : text;
  }

  // Each file says what is done, and by whom, in its name.
  Result<void> change_cluster(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      files.push_back(entry.path());
    }
    std::ranges::sort(files);
    for (const fs::path& file : files) {
      const std::string text = TRY(read_text(file));
      for (Document& document : TRY(read_yaml(text, file.string()))) {
        TRY(change_object(file.stem().string(), std::move(document.value)));
      }
    }
    return {};
  }

  Result<void> change_object(const std::string& what, Value object) {
    constexpr std::string_view by = "-by-";
    const std::size_t split = what.find(by);
    const std::string deed = what.substr(0, split);
    const std::string manager =
        split == std::string::npos ? std::string() : what.substr(split + by.size());
    const ResourceId id = id_of(object);
    const bool is_there = world_.cluster.find(id) != nullptr;
    if (deed == "refused") {
      refusals_.insert_or_assign(id, TRY(read_refusal(object)));
    } else if (deed == "created" && !manager.empty() && !is_there) {
      world_.cluster.create(std::move(object), manager);
    } else if (deed == "applied" && !manager.empty()) {
      world_.cluster.apply_as(manager, object);
    } else if (deed == "edited" && !manager.empty() && is_there) {
      world_.cluster.edit(id, manager, object);
    } else if (deed == "deleted" && is_there) {
      world_.cluster.delete_object(id);
    } else {
      return fail(ErrorKind::invalid, fmt::format("{} cannot be \"{}\" (it is {})", to_string(id),
                                                  what, is_there ? "there" : "not there"));
    }
    return {};
  }

  static Result<Error> read_refusal(const Value& object) {
    constexpr std::array kinds{ErrorKind::invalid, ErrorKind::denied, ErrorKind::conflict,
                               ErrorKind::unavailable};
    const std::string_view word = object.text_at("error", "kind");
    for (const ErrorKind kind : kinds) {
      if (word == to_string(kind)) {
        return Error{kind, std::string(object.text_at("error", "message"))};
      }
    }
    return fail(ErrorKind::invalid, fmt::format("there is no error of kind \"{}\"", word));
  }

  std::optional<Error> refusal_of(const FakeRequest& request) const {
    if (request.verb != "apply" && request.verb != "dry-run") return std::nullopt;
    const auto refusal = refusals_.find(request.id);
    return refusal == refusals_.end() ? std::optional<Error>() : refusal->second;
  }

  PassWorld world_;
  TreeRenderer renderer_;
  std::map<ResourceId, Error> refusals_;
  std::optional<CommitId> commit_;
  std::string named_hash_;
  int number_ = 0;
  ScenarioOutcome outcome_;
};

}  // namespace

Result<ScenarioOutcome> run_scenario(const fs::path& folder) {
  const fs::path config_path = folder / "config.yaml";
  const std::string text = TRY(read_text(config_path));
  const ConfigFile file =
      TRY(read_config(text, config_path.string(), {.folder = folder.string(), .credentials = {}}));
  Play play(agent_settings(file.config, "scenario").pass);
  return play.run(steps_in(folder));
}

}  // namespace primocane
