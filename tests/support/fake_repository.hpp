// SPDX-License-Identifier: Apache-2.0
// FakeRepository: a remote branch and what was fetched of it, as values.
#pragma once

#include "source/repository.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

class FakeRepository final : public Repository {
 public:
  /// Puts a commit on the remote's branch; it descends from the tip unless `parent` says
  /// otherwise. `digit` makes the commit id: forty of it.
  CommitId push(char digit);
  CommitId push_rewritten(char digit);

  [[nodiscard]] Result<std::optional<Revision>> on_disk() override;
  Task<Result<Revision>> update(std::optional<CommitId> applied, Rewrite rewrite) override;
  [[nodiscard]] std::optional<std::string> take_damage() override {
    return std::exchange(found_damage, std::nullopt);
  }
  Task<Result<Revision>> resolve(std::string revision) override;
  [[nodiscard]] std::string mirror_path() const override { return "/mirror"; }

  /// What update() answers instead of asking the remote.
  std::optional<Error> failure;
  std::uint64_t updates = 0;
  /// What on_disk() answers instead of looking.
  std::optional<Error> damage;
  /// What update() has found broken.
  std::optional<std::string> found_damage;

 private:
  [[nodiscard]] bool descends(const CommitId& commit, const CommitId& from) const;
  [[nodiscard]] Revision revision(const CommitId& commit) const;

  std::map<CommitId, std::optional<CommitId>> parents_;
  std::optional<CommitId> tip_;
  std::optional<CommitId> fetched_;
};

/// The commit of forty times `digit`.
[[nodiscard]] CommitId commit_of(char digit);

}  // namespace primocane
