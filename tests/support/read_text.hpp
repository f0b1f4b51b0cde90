// SPDX-License-Identifier: Apache-2.0
// Whole files of the source tree, for tests that read their inputs and expectations there.
#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace primocane {

/// The bytes of the file; `invalid` if it can't be read.
[[nodiscard]] inline Result<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file.good()) return fail(ErrorKind::invalid, path.string() + ": no such file");
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

}  // namespace primocane
