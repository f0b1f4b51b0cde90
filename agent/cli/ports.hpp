// SPDX-License-Identifier: Apache-2.0
// Builds the parts that reach out of the process, as the configuration wants them.
#pragma once

#include "base/event_loop.hpp"
#include "cli/command_line.hpp"
#include "cli/config.hpp"
#include "cluster/cluster.hpp"
#include "cluster/kube_api.hpp"
#include "cluster/kubeconfig.hpp"
#include "host/children.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/decryption_keys.hpp"
#include "reconcile/remotes.hpp"
#include "reconcile/sources.hpp"
#include "report/event.hpp"
#include "source/git_access.hpp"
#include "source/git_repository.hpp"
#include "source/remote_source.hpp"
#include "source/repository.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

/// Boxed children run as the package's user where it exists and we are root.
[[nodiscard]] ChildrenOptions children_options(Boxing boxing);

/// A warning for people where no box can be had, or "".
[[nodiscard]] std::string box_warning(BoxStrength strength);

/// Events go where `config` says, bursts summed up; `journal_stream` is the variable of that name.
/// `loop` outlives it.
[[nodiscard]] std::unique_ptr<EventSink> make_event_sink(EventLoop& loop, const Config& config,
                                                         const std::string& journal_stream);

/// The API server of the kubeconfig, which need not be there yet. `loop` outlives it.
[[nodiscard]] std::unique_ptr<ApiServer> make_cluster(EventLoop& loop, const Config& config);

/// What the kubeconfig says now. Errors name it.
[[nodiscard]] Result<ClusterAccess> read_cluster_access(const Config& config);

/// Reads tokens, certificates and the like.
[[nodiscard]] FileReader small_file_reader();

/// As make_repository(), but for asking alone: makes no folder.
[[nodiscard]] Result<std::unique_ptr<GitRepository>> find_repository(EventLoop& loop,
                                                                     ChildProcesses& children,
                                                                     const Config& config,
                                                                     const std::string& state_dir,
                                                                     ReadFile read_file = {});

/// The mirror below `state_dir`, which is made where it is missing. `loop` and `children` outlive
/// it. `read_file` reads credentials; without one they are read from the disk.
[[nodiscard]] Result<std::unique_ptr<GitRepository>> make_repository(EventLoop& loop,
                                                                     ChildProcesses& children,
                                                                     const Config& config,
                                                                     const std::string& state_dir,
                                                                     ReadFile read_file = {});

/// From now on `repository` takes only commits that the keys of git.verify.keys have signed, if the
/// configuration names some. `invalid` if they can't be read.
[[nodiscard]] Result<void> require_signatures(GitRepository& repository, const Config& config,
                                              const GlobalOptions& options);

/// The system's certificate authorities (PEM), where Debian keeps them; "" where it has none, and
/// only what a Secret names is trusted then.
[[nodiscard]] std::string system_authorities();

/// Opens the sources that Git declares, and keeps what they hold below the folder of the state.
/// `loop` and `children` outlive it.
[[nodiscard]] std::unique_ptr<SourceOpener> make_source_opener(EventLoop& loop,
                                                               ChildProcesses& children,
                                                               const Config& config,
                                                               const GlobalOptions& options,
                                                               std::string authorities);

/// Finds the charts that HelmReleases name. `loop`, `children` and the folder `state_dir` outlive
/// it.
[[nodiscard]] std::unique_ptr<ChartFinder> make_chart_finder(EventLoop& loop,
                                                             ChildProcesses& children,
                                                             const std::string& state_dir,
                                                             std::string authorities);

/// What renderings get from elsewhere.
struct RemoteParts {
  std::unique_ptr<RemoteSource> source;
  std::unique_ptr<Remotes> remotes;
};

/// Where that is kept, and how long without use: as RemoteSettings::unused_max.
struct RemotePlace {
  std::string folder;
  std::optional<std::chrono::hours> unused_max;
};

/// `loop`, `children` and `events` outlive it. `read_file` as for make_repository().
[[nodiscard]] RemoteParts make_remotes(EventLoop& loop, ChildProcesses& children, EventSink& events,
                                       const Config& config, RemotePlace place,
                                       ReadFile read_file = {});

/// The keys of decryption.ageKeyFile, which is read when they are needed.
[[nodiscard]] DecryptionKeys make_decryption_keys(const Config& config);

/// The keys of the file `path`, which `name` named.
[[nodiscard]] DecryptionKeys decryption_keys_of(std::string path, std::string name);

/// Where it is kept below a folder of ours.
[[nodiscard]] std::string remotes_folder(const std::string& parent);

}  // namespace primocane
