// SPDX-License-Identifier: Apache-2.0
// Remotes: gets what renderings need from elsewhere: from disk where that is as good, else from the
// network, and from disk again where the network fails.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "base/unique_fd.hpp"
#include "reconcile/remote_store.hpp"
#include "render/remote_base.hpp"
#include "render/remote_exchange.hpp"
#include "report/event.hpp"
#include "source/remote_source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

struct RemoteSettings {
  std::uint64_t count_max = 50;  ///< for one rendering
  /// How long what no rendering has used is kept; nothing: for ever.
  std::optional<std::chrono::hours> unused_max = std::chrono::hours(0);
};

/// What one rendering is given, as its rounds gather it.
struct RemoteGifts {
  std::string revision;  ///< commit of the own repository, or "" where there is none
  std::vector<GivenRemote> remotes;
  std::vector<UniqueFd> files;       ///< of those that have one, in their order
  std::set<std::string> replaced{};  ///< names that were damaged once

  [[nodiscard]] bool has(const std::string& name) const;
};

/// When something is asked for again: a repository at a commit never, all else once for each
/// revision of the own repository, and each time where there is none. All borrowed.
class Remotes {
 public:
  Remotes(RemoteSettings settings, RemoteStore store, RemoteSource& source, const Clock& clock,
          EventSink& events)
      : settings_(settings),
        store_(std::move(store)),
        source_(source),
        clock_(clock),
        events_(events) {}

  /// Adds to `gifts` what `needs` name; what is there already is damaged, and fetched anew. Tells
  /// once of each that no revision is named of it, and of each that is not reached but here. An
  /// error names the need: `unavailable` and `denied` when it may go better later, never `invalid`
  /// but for too many of them.
  Task<Result<void>> provide(std::vector<RemoteNeed> needs, RemoteGifts* gifts);

  /// What was rendered with `gifts` is in use; what is older may go.
  void keep(const RemoteGifts& gifts) const;

 private:
  Task<Result<void>> provide_one(RemoteNeed need, RemoteGifts* gifts);
  Task<Result<void>> provide_file(RemoteNeed need, RemoteGifts* gifts);
  Task<Result<StoredRemote>> fetch_file(RemoteNeed need, RemoteGifts* gifts);
  Task<Result<void>> provide_tree(std::string text, RemoteBase base, RemoteGifts* gifts);
  Task<Result<StoredRemote>> fetch_tree(RemoteBase base, std::optional<StoredRemote> stored,
                                        std::string revision);
  [[nodiscard]] std::optional<StoredRemote> stored(const std::string& name,
                                                   const RemoteGifts& gifts) const;
  [[nodiscard]] Result<void> give(const StoredRemote& remote, RemoteGifts& gifts) const;
  [[nodiscard]] Result<void> fall_back(const std::string& text, Error error,
                                       const std::optional<StoredRemote>& stored,
                                       RemoteGifts& gifts) const;
  void tell_unpinned(const std::string& text);

  RemoteSettings settings_;
  RemoteStore store_;
  RemoteSource& source_;
  const Clock& clock_;
  EventSink& events_;
  std::set<std::string> told_;
};

}  // namespace primocane
