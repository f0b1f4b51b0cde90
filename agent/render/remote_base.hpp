// SPDX-License-Identifier: Apache-2.0
// What a kustomization may name that lies elsewhere: a file by its URL, or a folder of a Git
// repository in one of the many ways in which kustomize lets people write that.
#pragma once

#include "base/ids.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// A folder of a Git repository elsewhere.
struct RemoteBase {
  std::string repository;  ///< as Git takes it: "https://github.com/org/repo", "git@host:repo.git"
  RelativePath path;       ///< of the folder in it
  std::string ref;         ///< branch, tag or commit; "" for what the remote's HEAD is
  std::optional<std::chrono::seconds> timeout;  ///< how long one may wait for it, if it is said

  bool operator==(const RemoteBase&) const = default;
};

/// Takes `text` apart as kustomize does (api/internal/git/repospec.go); nothing for what it takes
/// for a local path. The parameters ref (or version) and timeout are read, all others, also
/// submodules, are not: submodules are not fetched.
[[nodiscard]] std::optional<RemoteBase> parse_remote_base(std::string_view text);

/// Whether kustomize asks for `text` by HTTP (api/internal/loader/fileloader.go, IsRemoteFile). It
/// may be a remote base too: in `resources`, what is not found to be a file is tried as one.
[[nodiscard]] bool is_remote_file(std::string_view text);

/// `text` as messages and origins show it: on one line, and without what may be a password or a
/// token in it. What stands alone before the "@" is a name for SSH, and may be a token for HTTP.
[[nodiscard]] std::string shown_remote(std::string_view text);

/// Whether `text` says which revision it wants: a parameter ref or version that is not empty.
[[nodiscard]] bool has_ref(std::string_view text);

}  // namespace primocane
