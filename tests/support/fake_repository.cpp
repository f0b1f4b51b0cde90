// SPDX-License-Identifier: Apache-2.0
#include "support/fake_repository.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

CommitId commit_of(char digit) {
  Result<CommitId> commit = CommitId::parse(std::string(40, digit));
  return *std::move(commit);
}

CommitId FakeRepository::push(char digit) {
  CommitId commit = commit_of(digit);
  parents_.insert_or_assign(commit, tip_);
  tip_ = commit;
  return commit;
}

CommitId FakeRepository::push_rewritten(char digit) {
  tip_.reset();
  return push(digit);
}

Result<std::optional<Revision>> FakeRepository::on_disk() {
  if (damage) return std::unexpected(*damage);
  if (!fetched_) return std::optional<Revision>();
  return std::optional<Revision>(revision(*fetched_));
}

Task<Result<Revision>> FakeRepository::update(std::optional<CommitId> applied, Rewrite rewrite) {
  ++updates;
  if (failure) co_return std::unexpected(*failure);
  if (!tip_) co_return fail(ErrorKind::invalid, "branch main does not exist");
  if (applied && rewrite == Rewrite::refuse && !descends(*tip_, *applied)) {
    co_return fail(ErrorKind::denied,
                   fmt::format("branch main was rewritten: {} does not descend from {}",
                               tip_->abbreviated(), applied->abbreviated()));
  }
  fetched_ = tip_;
  co_return revision(*tip_);
}

Task<Result<Revision>> FakeRepository::resolve(std::string wanted) {
  Result<CommitId> commit = CommitId::parse(wanted);
  if (!commit || !parents_.contains(*commit)) {
    co_return fail(ErrorKind::invalid, fmt::format("no revision {}", wanted));
  }
  co_return revision(*commit);
}

bool FakeRepository::descends(const CommitId& commit, const CommitId& from) const {
  std::optional<CommitId> at = commit;
  while (at) {
    if (*at == from) return true;
    const auto parent = parents_.find(*at);
    at = parent == parents_.end() ? std::optional<CommitId>() : parent->second;
  }
  return false;
}

Revision FakeRepository::revision(const CommitId& commit) const {
  return {.remote = "https://git.example.org/home.git",
          .branch = "main",
          .commit = commit,
          .committed_at = WallTime(std::chrono::seconds(1'700'000'000))};
}

}  // namespace primocane
