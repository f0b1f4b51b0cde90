// SPDX-License-Identifier: Apache-2.0
// WorkFolder: a folder for one piece of work, that goes with all it holds.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <string>
#include <utility>

namespace primocane {

/// Open to its owner alone. It is locked while somebody works in it, so that what a power cut left
/// goes with the next one.
class WorkFolder {
 public:
  /// Makes one in `parent`, which is made where it is missing. `unavailable` when it can't be made.
  [[nodiscard]] static Result<WorkFolder> make(const std::string& parent);
  WorkFolder(WorkFolder&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  WorkFolder(std::string path, UniqueFd lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  UniqueFd lock_;
};

}  // namespace primocane
