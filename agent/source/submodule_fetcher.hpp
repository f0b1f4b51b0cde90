// SPDX-License-Identifier: Apache-2.0
// SubmoduleFetcher: brings here the submodules of a commit, and theirs, each as a bundle.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/git_access.hpp"
#include "source/git_settings.hpp"
#include "source/git_url.hpp"
#include "source/submodules.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// How deep submodules are followed; what is deeper stays empty (go-git,
/// DefaultSubmoduleRecursionDepth).
inline constexpr std::size_t submodule_depth_max = 10;

struct SubmoduleSettings {
  GitSettings git;  ///< of the repository that has them
  GitAccess access;
  std::optional<std::uint32_t> readers;  ///< MirrorFolder::readers
  std::string key_folder;                ///< where keys lie while an ssh runs
  std::string folder;                    ///< where the bundles are kept
  std::string work_folder;               ///< where packs may lie for a while
};

/// A submodule that is here.
struct FetchedSubmodule {
  RelativePath at;   ///< in the repository that all of them are in
  std::string path;  ///< of its bundle
};

/// A repository, and what it is logged in to with, may have submodules anywhere. Flux, by go-git,
/// sends the repository's credentials to all of them; here they go to its own host alone
/// (GitUrl::may_redirect_to()). A key for SSH, which nobody can take from what is sent, is used for
/// all hosts that known_hosts names.
[[nodiscard]] GitAccess access_to_submodule(const GitUrl& repository, GitAccess access,
                                            const GitUrl& submodule);

/// References are borrowed and outlive it. One fetch() at a time.
class SubmoduleFetcher {
 public:
  SubmoduleFetcher(SubmoduleSettings settings, EventLoop& loop, ChildProcesses& children)
      : settings_(std::move(settings)), loop_(loop), children_(children) {}

  /// Those of `commit` in `mirror`, those that are in others after these. With `sparse` only the
  /// ones among what it takes. What is here already is not asked for: a commit does not change. All
  /// has to be done within the repository's timeout; what was fetched until then stays. Errors name
  /// the submodule.
  Task<Result<std::vector<FetchedSubmodule>>> fetch(std::string mirror, CommitId commit,
                                                    std::vector<std::string> sparse);

  /// Removes all but these.
  void keep_only(const std::vector<FetchedSubmodule>& submodules) const;

 private:
  /// A repository whose submodules are looked for: in the mirror, or a submodule itself.
  struct Level {
    GitUrl url;
    RelativePath at{};
    std::string bundle{};
    std::size_t depth = 0;
  };

  Task<Result<std::vector<FetchedSubmodule>>> fetch_now(std::string mirror, CommitId commit,
                                                        std::vector<std::string> sparse);
  Task<Result<std::vector<Submodule>>> list(const Level* level, std::string mirror, CommitId commit,
                                            std::vector<std::string> sparse);
  Task<Result<Level>> fetch_one(const Level* parent, Submodule submodule);
  Task<Result<void>> fetch_bundle(GitUrl url, CommitId commit, std::string path);
  [[nodiscard]] std::string bundle_path(const GitUrl& url, const CommitId& commit) const;

  SubmoduleSettings settings_;
  EventLoop& loop_;
  ChildProcesses& children_;
};

}  // namespace primocane
