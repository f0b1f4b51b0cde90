// SPDX-License-Identifier: Apache-2.0
// RemoteFetcher: fetches files by HTTP, and what a commit of any repository holds, by the protocol
// client that follows our own.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/event_loop.hpp"
#include "http/http_client.hpp"
#include "source/git_access.hpp"
#include "source/git_repository.hpp"
#include "source/git_settings.hpp"
#include "source/remote_source.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

struct RemoteFetchSettings {
  /// Of our own repository. Its authentication is for the same host, its SSH key for all hosts that
  /// it knows; certificates, proxy and timeouts are for all.
  GitSettings git;
  std::chrono::seconds timeout{120};               ///< for one file or repository
  ByteCount file_max{16ULL * 1024 * 1024};         ///< of a file, alone or in a repository
  ByteCount repository_max{256ULL * 1024 * 1024};  ///< of all that a commit holds
  std::string work_folder;                         ///< where packs may lie for a while
  std::optional<std::uint32_t> readers;            ///< MirrorFolder::readers
};

/// Contract: RemoteSource. References are borrowed and outlive it. Nothing secret is sent with the
/// request for a file, wherever it is.
class RemoteFetcher final : public RemoteSource {
 public:
  RemoteFetcher(RemoteFetchSettings settings, EventLoop& loop, ChildProcesses& children,
                ReadFile read_file);
  ~RemoteFetcher() override;

  Task<Result<RemoteFile>> file(std::string url) override;
  Task<Result<CommitId>> commit(RemoteRepository repository) override;
  Task<Result<void>> bundle(RemoteRepository repository, CommitId commit,
                            std::string path) override;

 private:
  Task<Result<HttpResponse>> get(std::string url);
  [[nodiscard]] Result<void> renew_client();
  [[nodiscard]] Result<GitSettings> settings_for(const RemoteRepository& repository) const;
  [[nodiscard]] Result<std::unique_ptr<GitRepository>> open(const RemoteRepository& repository,
                                                            const std::string& folder) const;

  RemoteFetchSettings settings_;
  EventLoop& loop_;
  ChildProcesses& children_;
  ReadFile read_file_;
  std::string ca_pem_;
  std::unique_ptr<HttpClient> client_;
};

}  // namespace primocane
