// SPDX-License-Identifier: Apache-2.0
// FileStateStore: states as files of one folder, replaced whole.
#pragma once

#include "base/unique_fd.hpp"
#include "report/state_store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Each state is a file of mode 0600, replaced by write, fsync, rename and fsync of the folder, so
/// that after a crash either the old or the new bytes are there. One process at a time may have the
/// store of a folder.
class FileStateStore final : public StateStore {
 public:
  /// Makes the folder if it is missing, takes its lock, and removes what an interrupted save left.
  /// `conflict` when another process has the lock; `denied` or `unavailable` with the path when
  /// the folder can't be used.
  [[nodiscard]] static Result<std::unique_ptr<FileStateStore>> open(const std::string& folder);

  [[nodiscard]] Result<std::optional<std::string>> load(std::string_view name) override;
  [[nodiscard]] Result<void> save(std::string_view name, std::string_view bytes) override;

 private:
  FileStateStore(std::string path, UniqueFd folder, UniqueFd lock);

  std::string path_;
  UniqueFd folder_;
  UniqueFd lock_;
};

}  // namespace primocane
