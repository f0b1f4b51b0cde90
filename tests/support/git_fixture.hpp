// SPDX-License-Identifier: Apache-2.0
// GitFixture: a real bare repository that git itself makes for a test.
#pragma once

#include "base/ids.hpp"
#include "support/memory_tree.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// How a commit is made. Times are fixed: the same content has the same commit id.
struct CommitOptions {
  std::string branch = "main";
  /// nullopt: the branch's tip, if it has one. Else exactly these; none makes a root.
  std::optional<std::vector<CommitId>> parents;
  std::int64_t time = 1'700'000'000;  ///< seconds since 1970
  std::string message = "test";
};

/// Throws std::runtime_error when git fails. The machine's and the user's git configuration do not
/// matter.
class GitFixture {
 public:
  /// Makes an empty bare repository at `path`.
  explicit GitFixture(std::string path);

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Commits `content` as the whole tree and moves the branch to it.
  CommitId commit(const TreeContent& content, const CommitOptions& options = {});
  /// Appends `count` commits that change one file each.
  CommitId commit_many(std::uint64_t count, const std::string& branch = "main");
  /// Makes refs/pull/1/head and so on, all pointing to `commit`.
  void add_refs(std::uint64_t count, const CommitId& commit);
  [[nodiscard]] std::optional<CommitId> tip(const std::string& branch = "main") const;

  /// Runs `git -C <path> <arguments>`, a piece of shell, and returns what it prints.
  std::string git(const std::string& arguments) const;
  /// Feeds git fast-import(1).
  void fast_import(std::string_view stream) const;

 private:
  std::string path_;
};

}  // namespace primocane
