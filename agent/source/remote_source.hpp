// SPDX-License-Identifier: Apache-2.0
// RemoteSource: where files and repositories come from that a rendering names beside its own.
// RemoteFetcher implements it with HTTP and Git's protocol; tests with memory.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace primocane {

/// A revision of a repository elsewhere.
struct RemoteRepository {
  std::string url;  ///< as Git takes it
  std::string ref;  ///< branch, tag, full name of a ref, or commit; "" for the remote's HEAD
  std::optional<std::chrono::seconds> timeout;  ///< instead of a longer one that is configured

  bool operator==(const RemoteRepository&) const = default;
};

/// The server answers, but not with a file: why.
struct NoRemoteFile {
  Error error;
};

using RemoteFile = std::variant<std::string, NoRemoteFile>;

/// One call at a time. Errors are `unavailable` when the other side can't be reached, `denied` or
/// `invalid` when it has not what is asked for, or too much of it.
class RemoteSource {
 public:
  virtual ~RemoteSource() = default;

  /// The content that an HTTP or HTTPS URL has now.
  virtual Task<Result<RemoteFile>> file(std::string url) = 0;
  /// The commit that `repository` has now.
  virtual Task<Result<CommitId>> commit(RemoteRepository repository) = 0;
  /// Writes all that `commit` holds into the file `path`, as a bundle (bundle_tree.hpp).
  virtual Task<Result<void>> bundle(RemoteRepository repository, CommitId commit,
                                    std::string path) = 0;
};

}  // namespace primocane
