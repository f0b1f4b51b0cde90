// SPDX-License-Identifier: Apache-2.0
#include "source/git_handles.hpp"

#include "source/printable.hpp"

#include <array>
#include <cstdlib>

namespace primocane {

GitLibrary::GitLibrary() {
  if (git_libgit2_init() < 0) std::abort();  // out of memory at start
  constexpr std::size_t mebibyte = 1024UL * 1024;
  // In a box there is nobody whose files these could be but ours.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
                          GIT_CONFIG_LEVEL_PROGRAMDATA}) {
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  }
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, mebibyte);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, 32 * mebibyte);
  git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(4 * mebibyte));
  // Folders of thousands of files stay cached: paths are looked up one by one.
  git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, mebibyte);
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

GitLibrary::~GitLibrary() { git_libgit2_shutdown(); }

std::string git_error_text() {
  const git_error* error = git_error_last();
  return error == nullptr || error->message == nullptr ? "no reason given"
                                                       : printable(error->message);
}

git_oid to_git_oid(const CommitId& id) {
  git_oid oid{};
  git_oid_fromstr(&oid, id.str().c_str());
  return oid;
}

CommitId to_commit_id(const git_oid& oid) {
  std::array<char, GIT_OID_SHA1_HEXSIZE + 1> text{};
  git_oid_tostr(text.data(), text.size(), &oid);
  return CommitId::parse(text.data()).value();
}

}  // namespace primocane
