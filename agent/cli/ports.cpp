// SPDX-License-Identifier: Apache-2.0
#include "cli/ports.hpp"

#include "base/os_error.hpp"
#include "cli/late_cluster.hpp"
#include "cli/settings.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/kubeconfig.hpp"
#include "host/box_user.hpp"
#include "host/journal.hpp"
#include "host/read_file.hpp"
#include "host/text_sink.hpp"
#include "reconcile/declared_sources.hpp"
#include "reconcile/source_charts.hpp"
#include "report/burst_sink.hpp"
#include "source/git_repository.hpp"
#include "source/remote_fetcher.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

constexpr ByteCount small_file_max(1024 * 1024);

Result<std::string> read_git_file(const std::string& path, Secrecy secrecy) {
  return read_file(path, small_file_max, secrecy);
}

// What a kubeconfig names, and itself.
Result<std::string> read_small_file(const std::string& path) {
  return read_file(path, small_file_max);
}

Result<std::string> read_kubeconfig_text(const std::string& path) {
  Result<std::string> text = read_small_file(path);
  if (text) return text;
  // Whatever is wrong with it, K3s may put it right: no reason to wait for a commit.
  const ErrorKind kind =
      text.error().kind == ErrorKind::denied ? ErrorKind::denied : ErrorKind::unavailable;
  return fail(kind, fmt::format("cluster.kubeconfig: {}", text.error().message));
}

// A command may be the first to need it, before any agent has run.
Result<void> make_state_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return std::unexpected(os_error(path, error.value()));
  return {};
}

// The group that boxed children run in, where that is not ours.
std::optional<std::uint32_t> mirror_readers() {
  if (::geteuid() != 0) return std::nullopt;
  return children_options(Boxing::required).box_user.gid;
}

std::unique_ptr<EventSink> make_plain_sink(LogFormat format, Severity lowest,
                                           const std::string& journal_stream) {
  switch (format) {
    case LogFormat::automatic:
      if (stderr_is_journal(journal_stream)) return make_journal_sink(lowest);
      return make_text_sink(lowest, TextFormat::text);
    case LogFormat::journal:
      return make_journal_sink(lowest);
    case LogFormat::text:
      return make_text_sink(lowest, TextFormat::text);
    case LogFormat::json:
      return make_text_sink(lowest, TextFormat::json);
  }
  return make_text_sink(lowest, TextFormat::text);
}

// Where keys lie while a program reads them: in memory.
std::string key_folder(const GlobalOptions& options) { return options.runtime_dir + "/keys"; }

}  // namespace

ChildrenOptions children_options(Boxing boxing) {
  ChildrenOptions options;
  options.boxing = boxing;
  options.box_user = find_installed_box_user().value_or(BoxUser{});
  return options;
}

std::string box_warning(BoxStrength strength) {
  if (strength != BoxStrength::none) return {};
  return "primocane: warning: this system offers neither namespaces nor Landlock: what is rendered "
         "is not locked in\n";
}

std::unique_ptr<EventSink> make_event_sink(EventLoop& loop, const Config& config,
                                           const std::string& journal_stream) {
  const Severity lowest = lowest_severity(config.log_level);
  return std::make_unique<BurstSink>(
      loop, make_plain_sink(config.log_format, lowest, journal_stream), lowest);
}

std::unique_ptr<ApiServer> make_cluster(EventLoop& loop, const Config& config) {
  LateCluster::Maker make = [&loop, path = config.kubeconfig, context = config.context](
                                std::string_view text) -> Result<std::unique_ptr<ApiServer>> {
    ClusterAccess access = TRY(read_kubeconfig(text, path, context));
    return make_kube_api(loop, std::move(access), read_small_file);
  };
  LateCluster::Source source = [path = config.kubeconfig] { return read_kubeconfig_text(path); };
  return std::make_unique<LateCluster>(std::move(source), std::move(make));
}

Result<ClusterAccess> read_cluster_access(const Config& config) {
  const std::string text = TRY(read_kubeconfig_text(config.kubeconfig));
  return read_kubeconfig(text, config.kubeconfig, config.context);
}

FileReader small_file_reader() { return read_small_file; }

Result<std::unique_ptr<GitRepository>> make_repository(EventLoop& loop, ChildProcesses& children,
                                                       const Config& config,
                                                       const std::string& state_dir,
                                                       ReadFile read_file) {
  TRY(make_state_folder(state_dir));
  return find_repository(loop, children, config, state_dir, std::move(read_file));
}

Result<std::unique_ptr<GitRepository>> find_repository(EventLoop& loop, ChildProcesses& children,
                                                       const Config& config,
                                                       const std::string& state_dir,
                                                       ReadFile read_file) {
  if (!read_file) read_file = read_git_file;
  MirrorFolder folder{.path = state_dir + "/mirror.git", .readers = mirror_readers()};
  return make_git_repository(config.git, std::move(folder), loop, children, std::move(read_file));
}

Result<void> require_signatures(GitRepository& repository, const Config& config,
                                const GlobalOptions& options) {
  if (config.verification_keys.empty()) return {};
  const auto keys = read_small_file(config.verification_keys);
  if (!keys) return std::unexpected(with_context("git.verify.keys", keys.error()));
  Result<GitVerification> verification = verification_by(*keys);
  if (!verification) {
    return std::unexpected(with_context(
        fmt::format("git.verify.keys: {}", config.verification_keys), verification.error()));
  }
  repository.require_signatures(std::move(*verification), key_folder(options));
  return {};
}

std::string system_authorities() {
  return read_small_file("/etc/ssl/certs/ca-certificates.crt").value_or("");
}

std::unique_ptr<SourceOpener> make_source_opener(EventLoop& loop, ChildProcesses& children,
                                                 const Config& config, const GlobalOptions& options,
                                                 std::string authorities) {
  DeclaredRepositorySettings git{.limits = config.git,
                                 .readers = mirror_readers(),
                                 .key_folder = key_folder(options),
                                 .system_authorities = std::move(authorities)};
  return std::make_unique<DeclaredSources>(
      loop, children,
      DeclaredSourceSettings{.folder = options.state_dir + "/sources", .git = std::move(git)});
}

std::unique_ptr<ChartFinder> make_chart_finder(EventLoop& loop, ChildProcesses& children,
                                               const std::string& state_dir,
                                               std::string authorities) {
  return std::make_unique<SourceCharts>(
      loop, children,
      SourceChartsSettings{.folder = state_dir, .system_authorities = std::move(authorities)});
}

RemoteParts make_remotes(EventLoop& loop, ChildProcesses& children, EventSink& events,
                         const Config& config, RemotePlace place, ReadFile read_file) {
  if (!read_file) read_file = read_git_file;
  RemoteFetchSettings fetch = fetch_settings(config.git, config.render);
  fetch.work_folder = RemoteStore::work_folder(place.folder);
  fetch.readers = mirror_readers();
  RemoteParts parts;
  parts.source =
      std::make_unique<RemoteFetcher>(std::move(fetch), loop, children, std::move(read_file));
  parts.remotes = std::make_unique<Remotes>(
      RemoteSettings{.count_max = config.render.remotes, .unused_max = place.unused_max},
      RemoteStore(std::move(place.folder)), *parts.source, loop.clock(), events);
  return parts;
}

DecryptionKeys make_decryption_keys(const Config& config) {
  return decryption_keys_of(config.age_key_file, "decryption.ageKeyFile");
}

DecryptionKeys decryption_keys_of(std::string path, std::string name) {
  if (path.empty()) return {};
  auto read = [path = std::move(path)] { return read_file(path, small_file_max, Secrecy::secret); };
  return DecryptionKeys(std::move(read), std::move(name));
}

std::string remotes_folder(const std::string& parent) { return parent + "/remotes"; }

}  // namespace primocane
