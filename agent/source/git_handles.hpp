// SPDX-License-Identifier: Apache-2.0
// libgit2 made safe: handles that free themselves, and errors that hold its words. Included by
// .cpp files only.
#pragma once

#include "base/ids.hpp"

#include <git2.h>

#include <memory>
#include <string>

namespace primocane {

template <auto free_handle>
struct GitDeleter {
  template <typename T>
  void operator()(T* handle) const {
    free_handle(handle);
  }
};

using GitOdb = std::unique_ptr<git_odb, GitDeleter<git_odb_free>>;
using GitRepositoryHandle = std::unique_ptr<git_repository, GitDeleter<git_repository_free>>;
using GitCommit = std::unique_ptr<git_commit, GitDeleter<git_commit_free>>;
using GitTree = std::unique_ptr<git_tree, GitDeleter<git_tree_free>>;
using GitTreeEntry = std::unique_ptr<git_tree_entry, GitDeleter<git_tree_entry_free>>;
using GitOdbObject = std::unique_ptr<git_odb_object, GitDeleter<git_odb_object_free>>;
using GitIndexer = std::unique_ptr<git_indexer, GitDeleter<git_indexer_free>>;

/// Calls one of libgit2's functions that fill an out-parameter, and owns what it filled. The
/// pointer is null when it failed; git_error_text() says why.
template <typename Handle, typename Function, typename... Arguments>
[[nodiscard]] Handle git_make(Function function, Arguments... arguments) {
  typename Handle::pointer raw = nullptr;
  if (function(&raw, arguments...) != 0) return Handle();
  return Handle(raw);
}

/// libgit2, initialised while this lives. It reads no configuration, and its caches and maps are
/// small enough for a board with 1 GB.
class GitLibrary {
 public:
  GitLibrary();
  GitLibrary(const GitLibrary&) = delete;
  GitLibrary& operator=(const GitLibrary&) = delete;
  ~GitLibrary();
};

/// What libgit2 says about its last failure on this thread.
[[nodiscard]] std::string git_error_text();

[[nodiscard]] git_oid to_git_oid(const CommitId& id);
[[nodiscard]] CommitId to_commit_id(const git_oid& oid);

}  // namespace primocane
