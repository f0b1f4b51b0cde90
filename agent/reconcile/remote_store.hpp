// SPDX-License-Identifier: Apache-2.0
// RemoteStore: what was fetched from elsewhere, on disk, so that it can be rendered again without a
// network. For each name one small file says what there is, and one holds the content.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "render/remote_exchange.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// What is kept under one name.
struct StoredRemote {
  std::string name;  ///< as GivenRemote::name
  GivenKind kind = GivenKind::file;
  std::string content;   ///< its file; "" for GivenKind::no_file
  std::string hash;      ///< as GivenRemote::hash
  std::string commit;    ///< of a tree
  std::string revision;  ///< commit of the own repository for which it was last asked for, or ""

  bool operator==(const StoredRemote&) const = default;
};

/// One folder, for one process or several: each change is one rename, and what is open stays
/// readable. Blocks for the disk only. What is damaged counts as not there.
class RemoteStore {
 public:
  explicit RemoteStore(std::string folder) : folder_(std::move(folder)) {}

  /// In a store's folder, where its fetches may lie: remove_unused() leaves it alone.
  [[nodiscard]] static std::string work_folder(const std::string& folder);

  [[nodiscard]] std::optional<StoredRemote> find(const std::string& name) const;
  /// The content, to read alone. `unavailable` if it is not there.
  [[nodiscard]] Result<UniqueFd> open(const StoredRemote& remote) const;

  /// Where the content of a tree is to be put before put(): by its name and commit, so that no
  /// repository can take the place of another.
  [[nodiscard]] static std::string content_of_tree(const std::string& name,
                                                   const std::string& commit);
  [[nodiscard]] std::string path_of(const std::string& content) const;
  /// Makes the folder if it is not there.
  [[nodiscard]] Result<void> prepare() const;

  /// Keeps a file; its content goes by its hash.
  [[nodiscard]] Result<StoredRemote> put_file(std::string name, std::string_view text,
                                              std::string revision) const;
  /// Says what there is from now on under `remote.name`.
  [[nodiscard]] Result<void> put(const StoredRemote& remote) const;

  /// Notes that `used` are in use and removes all others that were last used before `limit`. Best
  /// effort: what can't be removed now is tried again the next time.
  void remove_unused(const std::set<std::string>& used, WallTime limit) const;

 private:
  [[nodiscard]] std::string entry_path(const std::string& name) const;

  std::string folder_;
};

}  // namespace primocane
