// SPDX-License-Identifier: Apache-2.0
// Repository: what is followed of a remote, as the pass sees it: what is here, and what is new.
// GitRepository implements it with the mirror on disk and Git's protocol; tests with memory.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/revision.hpp"

#include <memory>
#include <optional>
#include <string>

namespace primocane {

/// Whether a commit that does not descend from the applied one may be taken.
enum class Rewrite : std::uint8_t { refuse, accept };

class Repository {
 public:
  virtual ~Repository() = default;

  /// The newest revision whose objects are completely on disk, if any. Reads the disk only.
  [[nodiscard]] virtual Result<std::optional<Revision>> on_disk() = 0;

  /// Asks the remote for the tip of what is followed (one ls-refs) and, when it moved, fetches it;
  /// returns the revision that is on disk then. `applied` is the commit that a new one of a branch
  /// must descend from, if it must: with Rewrite::refuse anything else is `denied`, and what is on
  /// disk stays. `unavailable` when the remote can't be reached, `denied` when it refuses us,
  /// `invalid` when there is no such thing as is followed.
  virtual Task<Result<Revision>> update(std::optional<CommitId> applied, Rewrite rewrite) = 0;

  /// What update() has found broken on disk since this was last asked, and why, once: a storage
  /// that dies is healed by fetching anew each time, and nobody would know.
  [[nodiscard]] virtual std::optional<std::string> take_damage() = 0;

  /// Makes any commit-ish of the remote or the mirror (branch, tag, commit) available on disk, for
  /// plans of other revisions.
  virtual Task<Result<Revision>> resolve(std::string revision) = 0;

  /// The folder that a renderer must see as its root to read the mirror ("/" of its box), i.e. the
  /// bare repository.
  [[nodiscard]] virtual std::string mirror_path() const = 0;
};

}  // namespace primocane
