// SPDX-License-Identifier: Apache-2.0
// PackFetcher: brings packs from a server through a boxed child into the mirror's incoming folder.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/fetch_request.hpp"
#include "source/git_remote.hpp"
#include "source/git_settings.hpp"
#include "source/mirror.hpp"
#include "source/pack_work.hpp"

#include <string>
#include <vector>

namespace primocane {

/// A pack that was fetched and indexed, and belongs to nothing yet.
struct FetchedPack {
  std::string folder;  ///< that holds it, in the mirror's incoming/
  IndexedPack pack;
  std::vector<CommitId> shallow;  ///< commits whose parents are not in it

  [[nodiscard]] MirrorPack files() const { return {pack.name, pack.pack_size, pack.index_size}; }
};

/// Borrows all of its parts. The mirror must be locked.
class PackFetcher {
 public:
  PackFetcher(GitRemote& remote, const Mirror& mirror, ChildProcesses& children,
              const GitSettings& settings)
      : remote_(remote), mirror_(mirror), children_(children), settings_(settings) {}

  [[nodiscard]] GitRemote& remote() { return remote_; }

  /// Fetches what `request` asks for; the answer tells how far `look_for` are from what is wanted.
  /// An interrupted fetch leaves nothing but a folder that Mirror::clean() removes.
  Task<Result<FetchedPack>> fetch(FetchRequest request, std::vector<CommitId> look_for);

  /// Throws away what has been fetched, when it has told what it was fetched for.
  void discard_fetched() const;

 private:
  Task<Result<FetchedPack>> fetch_into(std::string folder, FetchRequest request,
                                       std::vector<CommitId> look_for);

  GitRemote& remote_;
  const Mirror& mirror_;
  ChildProcesses& children_;
  const GitSettings& settings_;
};

/// Asks a boxed child something about `mirror`.
Task<Result<PackAnswer>> ask_in_mirror(const Mirror* mirror, ChildProcesses* children,
                                       PackRequest request);

/// Asks a boxed child whether `mirror` holds a commit completely.
Task<Result<PackAnswer>> check_in_mirror(const Mirror* mirror, ChildProcesses* children,
                                         CheckCommit request);

}  // namespace primocane
