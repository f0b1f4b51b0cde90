// SPDX-License-Identifier: Apache-2.0
// Paths as texts, the way Go's path/filepath and kyaml's filesys treat them: what kustomize does
// with paths that it prints but never opens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Go's filepath.Join: the parts that are not empty with "/" between them, without ".", "//" and
/// "x/..". A ".." at the front stays.
[[nodiscard]] std::string join_path(const std::vector<std::string_view>& parts);

/// `path` with `part` as its component `position`, counted from 0, or as the last if there are not
/// that many; an absolute path stays one (kyaml filesys, InsertPathPart).
[[nodiscard]] std::string insert_path_part(std::string_view path, std::uint64_t position,
                                           std::string_view part);

}  // namespace primocane
