// SPDX-License-Identifier: Apache-2.0
// MemoryRemotes: what is remote, as a test writes it down.
#pragma once

#include "render/remote_trees.hpp"
#include "support/memory_tree.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace primocane {

/// Files by their URL, and repositories by URL and ref. What was not added is pending, unless it
/// was said that it can't be had.
class MemoryRemotes final : public RemoteTrees {
 public:
  void add_file(std::string url, std::string text) { files_[std::move(url)] = std::move(text); }
  /// `repository` as RemoteBase::repository has it.
  void add_repository(std::string repository, std::string ref, TreeContent content) {
    trees_[{std::move(repository), std::move(ref)}] = make_memory_tree(std::move(content));
  }
  void add_failure(std::string text, Error error) { failures_[std::move(text)] = std::move(error); }

  [[nodiscard]] Result<RemoteContent> find(std::string_view text, RemoteRole role) override;
  [[nodiscard]] bool is_complete() const override { return needed_.empty(); }
  /// What was looked up and is not here.
  [[nodiscard]] const std::set<std::string>& needed() const { return needed_; }

 private:
  std::map<std::string, std::string> files_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<SourceTree>> trees_;
  std::map<std::string, Error> failures_;
  std::set<std::string> needed_;
};

}  // namespace primocane
