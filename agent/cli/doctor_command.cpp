// SPDX-License-Identifier: Apache-2.0
// primocane doctor: looks at everything that the agent needs. Changes nothing.
#include "base/trimmed.hpp"
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/load_config.hpp"
#include "cli/node_report.hpp"
#include "cli/output.hpp"
#include "cli/ports.hpp"
#include "cli/settings.hpp"
#include "cluster/server_survey.hpp"
#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/private_memory.hpp"
#include "host/read_file.hpp"
#include "host/system_clock.hpp"
#include "node/agent_check.hpp"
#include "node/box_check.hpp"
#include "node/file_check.hpp"
#include "node/finding.hpp"
#include "node/git_check.hpp"
#include "node/server_check.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace primocane {

namespace {

using Findings = std::vector<Finding>;

// A person waits.
constexpr std::chrono::seconds git_patience(30);

FileFacts look_at(const NamedFile& file) {
  constexpr ByteCount size_max(1024 * 1024);
  FileFacts facts{.key = file.key, .path = file.path, .secrecy = file.secrecy, .error = {}};
  const Result<std::string> content = read_file(file.path, size_max);
  if (content) {
    facts.is_empty = trimmed(*content).empty();
  } else {
    facts.error = content.error();
  }
  std::error_code ignored;
  const auto status = std::filesystem::status(file.path, ignored);
  facts.mode = static_cast<std::uint32_t>(status.permissions()) & 07777U;
  return facts;
}

void examine_configuration(const GlobalOptions& options, const Config& config, Findings& findings) {
  const std::size_t before = findings.size();
  for (const NamedFile& file : named_files(config)) {
    if (std::optional<Finding> finding = examine_file(look_at(file))) {
      findings.push_back(std::move(*finding));
    }
  }
  for (const std::string& warning : config_warnings(config)) {
    findings.push_back({.check = "configuration", .level = Level::warning, .message = warning});
  }
  if (findings.size() != before) return;
  findings.push_back(
      {.check = "configuration", .message = options.config_file + " is right, with what it names"});
}

Finding unusable_configuration(const std::string& path,
                               const Result<std::optional<ConfigFile>>& file) {
  if (file) {
    return {.check = "configuration",
            .level = Level::problem,
            .message = absent_config(path),
            .advice = "write it with: sudo primocane init; Git is looked at when it is there"};
  }
  return {.check = "configuration",
          .level = Level::problem,
          .message = file.error().message,
          .advice = file.error().kind == ErrorKind::denied
                        ? "run this with sudo, as the agent runs as root"
                        : "correct it; Git and the API server are looked at when it is right"};
}

void examine_survey(const ServerSurvey& survey, const std::string& server, const OwnTraces& own,
                    Findings& findings) {
  findings.push_back(examine_server_version(survey.version, server));
  findings.push_back(examine_rights(survey.refused, survey.is_essential_refused));
  for (const Error& error : survey.unseen) {
    findings.push_back({.check = "other-tools",
                        .level = Level::warning,
                        .message = error.message,
                        .advice = "whether others are at work here is not known"});
  }
  if (!survey.unseen.empty()) return;
  std::ranges::move(examine_other_tools(survey.workloads, survey.kinds),
                    std::back_inserter(findings));
  const std::size_t before = findings.size();
  for (const SeenSet& set : survey.sets) {
    std::optional<Finding> finding = examine_set(set.kustomization, set.revision, own);
    if (finding) findings.push_back(std::move(*finding));
  }
  if (findings.size() != before) return;
  findings.push_back({.check = "other-agents", .message = "no other primocane is here"});
}

Result<std::string_view> strength_of(Children& children) {
  const BoxStrength strength = TRY(children.box());
  return to_string(strength);
}

// One run of the command: what it needs, and what it has found so far.
class Doctor {
 public:
  Doctor(EventLoop& loop, const GlobalOptions& options, const Environment& environment)
      : loop_(loop), options_(options), environment_(environment) {}

  Findings run() {
    findings_.push_back(describe_program());
    const Result<std::optional<ConfigFile>> read = load_config_if_there(options_.config_file, {});
    const ConfigFile* file = read && *read ? &**read : nullptr;
    Config config = file != nullptr ? file->config : Config();
    config.git.fetch_timeout = std::min(config.git.fetch_timeout, git_patience);
    if (file != nullptr) {
      examine_configuration(options_, config, findings_);
    } else {
      findings_.push_back(unusable_configuration(options_.config_file, read));
    }
    Children children(loop_, children_options(Boxing::required));
    std::unique_ptr<GitRepository> repository;
    if (file != nullptr) repository = find_git(children, config);
    const std::optional<Revision> revision = known_revision(repository.get());
    const Finding clock = examine_this_node(revision);
    findings_.push_back(examine_box(strength_of(children)));
    const Result<Status> status = agent_status();
    findings_.push_back(examine_agent(status, environment_.version));
    if (!read) return std::move(findings_);
    if (repository != nullptr) {
      const Result<CommitId> tip =
          run_until_done(loop_, repository->look_up({"refs/heads/" + config.git.branch}));
      findings_.push_back(examine_git(tip, config.git.url, config.git.branch, clock));
    }
    const OwnTraces own{.kustomization = to_string(root_kustomization()),
                        .branch = config.git.branch,
                        .has_run = status.has_value() || revision.has_value()};
    examine_server(config, own, clock);
    return std::move(findings_);
  }

 private:
  [[nodiscard]] Finding describe_program() const {
    std::string name = "primocane " + environment_.version;
    if (::geteuid() == 0) return {.check = "version", .message = std::move(name)};
    return {.check = "version",
            .level = Level::warning,
            .message = name + ", not run as root: what only root may read is not seen",
            .advice = "run it with sudo"};
  }

  std::unique_ptr<GitRepository> find_git(Children& children, const Config& config) {
    auto repository = find_repository(loop_, children, config, options_.state_dir);
    if (repository) return std::move(*repository);
    findings_.push_back({.check = "git",
                         .level = Level::problem,
                         .message = repository.error().message,
                         .advice = "correct section git of the configuration"});
    return nullptr;
  }

  std::optional<Revision> known_revision(GitRepository* repository) {
    if (repository == nullptr) return std::nullopt;
    Result<std::optional<Revision>> revision = repository->on_disk();
    if (revision) return std::move(*revision);
    findings_.push_back(
        {.check = "mirror",
         .level = Level::warning,
         .message = revision.error().message,
         .advice = "the agent fetches it anew; if this comes again, the disk is bad"});
    return std::nullopt;
  }

  // The finding about the clock, which explains others.
  Finding examine_this_node(const std::optional<Revision>& revision) {
    // Whoever committed may have a clock that is somewhat ahead.
    constexpr std::chrono::hours slack(24);
    Findings found = report_node(
        loop_.clock(), options_.state_dir,
        std::max(environment_.released_at, revision ? revision->committed_at - slack : WallTime()));
    const auto clock = std::ranges::find(found, "clock", &Finding::check);
    Finding about_clock = clock == found.end() ? Finding() : *clock;
    std::ranges::move(found, std::back_inserter(findings_));
    return about_clock;
  }

  [[nodiscard]] Result<Status> agent_status() const {
    return read_status(TRY(ask_agent(options_.control_socket())));
  }

  void examine_server(const Config& config, const OwnTraces& own, const Finding& clock) {
    Result<ClusterAccess> access = read_cluster_access(config);
    if (!access) {
      const bool is_denied = access.error().kind == ErrorKind::denied;
      findings_.push_back({.check = "api-server",
                           .level = Level::problem,
                           .message = access.error().message,
                           .advice = is_denied ? "run this with sudo, as the agent runs as root"
                                               : "see whether K3s runs (systemctl status k3s), or "
                                                 "set cluster.kubeconfig; the agent waits for it"});
      return;
    }
    const FileFacts kubeconfig = look_at({.key = "cluster.kubeconfig", .path = config.kubeconfig});
    if (std::optional<Finding> finding = examine_file(kubeconfig)) {
      findings_.push_back(std::move(*finding));
    }
    const std::string server = access->server;
    const Result<ServerSurvey> survey =
        run_until_done(loop_, survey_server(loop_, std::move(*access), small_file_reader()));
    if (survey) return examine_survey(*survey, server, own, findings_);
    const std::string_view advice =
        survey.error().kind == ErrorKind::denied
            ? "see whether the kubeconfig is the newest that K3s wrote"
            : "see whether K3s runs (systemctl status k3s) and this node reaches it";
    findings_.push_back({.check = "api-server",
                         .level = Level::problem,
                         .message = survey.error().message,
                         .advice = advice_for(survey.error(), clock, advice)});
  }

  EventLoop& loop_;
  const GlobalOptions& options_;
  const Environment& environment_;
  Findings findings_;
};

}  // namespace

Answer run_doctor(const GlobalOptions& options, const Environment& environment) {
  keep_memory_private();
  const SystemClock clock;
  const Result<std::unique_ptr<EpollLoop>> loop = EpollLoop::make(clock);
  if (!loop) return failed(ExitCode::failed, loop.error());
  const Findings findings = Doctor(**loop, options, environment).run();
  return {.exit_code = has_problem(findings) ? ExitCode::failed : ExitCode::done,
          .out = print(options.output, write_findings(findings), describe_findings(findings))};
}

}  // namespace primocane
