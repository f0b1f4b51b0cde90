// SPDX-License-Identifier: Apache-2.0
// TemporaryFolder: a fresh folder that goes with all it holds when the test ends.
#pragma once

#include <string>
#include <string_view>

namespace primocane {

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The path of `name` in it.
  [[nodiscard]] std::string operator/(std::string_view name) const;

 private:
  std::string path_;
};

}  // namespace primocane
