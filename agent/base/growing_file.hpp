// SPDX-License-Identifier: Apache-2.0
// GrowingFile: a large file that arrives in pieces and is there, whole, when all of it has come.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// Until finish() has returned, `path` is what it was; destroyed before, nothing is left. Each
/// add() waits until the card has what came before, so that finish() never waits for all of it.
class GrowingFile {
 public:
  /// `unavailable` when it can't be made.
  [[nodiscard]] static Result<GrowingFile> make(std::string path);
  GrowingFile(GrowingFile&&) = default;
  GrowingFile& operator=(GrowingFile&&) = delete;
  ~GrowingFile();

  [[nodiscard]] Result<void> add(std::string_view piece);
  /// Makes it durable and gives it its name. Called once, last.
  [[nodiscard]] Result<void> finish();

 private:
  GrowingFile(std::string path, UniqueFd file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  UniqueFd file_;
};

}  // namespace primocane
