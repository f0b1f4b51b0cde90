// SPDX-License-Identifier: Apache-2.0
// VanishingFile: bytes that are too many for memory and that nobody needs tomorrow.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// A file without a name: it is gone when nobody has it open any more, whatever happens.
class VanishingFile {
 public:
  /// On the file system of `folder`. `unavailable` when it can't be made.
  [[nodiscard]] static Result<VanishingFile> make(const std::string& folder);

  [[nodiscard]] Result<void> add(std::string_view piece);
  /// Its descriptor for reading alone, at the beginning. What is added later is read as well.
  [[nodiscard]] int reader() const { return reader_.get(); }

 private:
  VanishingFile(std::string folder, UniqueFd writer, UniqueFd reader)
      : folder_(std::move(folder)), writer_(std::move(writer)), reader_(std::move(reader)) {}

  std::string folder_;
  UniqueFd writer_;
  UniqueFd reader_;
};

}  // namespace primocane
