// SPDX-License-Identifier: Apache-2.0
#include "reconcile/claims.hpp"

#include "reconcile/parents.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t known_ancestors_max = 100;

std::string claim_words(const std::string& node, const CommitId& commit) {
  return fmt::format("node {} has applied commit {}", node, commit.abbreviated());
}

}  // namespace

bool Claims::is_others(const KustomizationState& state) const {
  if (turn_ == nullptr) return false;
  const LiveParent* live = live_parent(view_, state.spec.name);
  if (live == nullptr || !turn_->is_another(live->parent.writer)) return false;
  return !state.rendered || live->parent.rendering != state.rendered->desired.hash();
}

Task<Result<void>> Claims::admit(const KustomizationState& state) {
  if (rewrite_ == Rewrite::accept || !is_others(state)) co_return Result<void>();
  if (!sources_.is_configured(state.spec.source)) co_return admit_other_source(state);
  const std::optional<CommitId> other = commit_of_parent(view_, state.spec.name);
  if (!other || !memory_.rendered) co_return Result<void>();
  if (*other == memory_.rendered->commit) co_return leave_to_first(state);
  auto known = compared_.find(*other);
  if (known == compared_.end()) {
    Result<void> compared = co_await compare(*other);
    known = compared_.emplace(*other, std::move(compared)).first;
  }
  if (known->second) co_return Result<void>();
  const LiveParent* live = live_parent(view_, state.spec.name);
  co_return std::unexpected(
      with_context(claim_words(live->parent.writer, *other), known->second.error()));
}

// Other sources have no history here: they were asked what they hold now, if they answered.
Result<void> Claims::admit_other_source(const KustomizationState& state) const {
  const std::string source = to_string(state.spec.source);
  for (const auto& [failed, error] : sources_.failures()) {
    if (failed != source) continue;
    return fail(ErrorKind::unavailable,
                fmt::format("node {} has applied something else, and {} can't be asked what it is",
                            live_parent(view_, state.spec.name)->parent.writer, source));
  }
  return leave_to_first(state);
}

// Nothing tells which is newer: by another version of this program, another state of what variables
// are read from, or a source with several servers. What this node has said once, and the first node
// has changed again, that one decides.
Result<void> Claims::leave_to_first(const KustomizationState& state) const {
  const LiveParent* live = live_parent(view_, state.spec.name);
  const auto claimed = memory_.claimed.find(state.spec.name);
  const bool was_refused =
      claimed != memory_.claimed.end() && claimed->second == state.rendered->desired.hash();
  if (!was_refused || !turn_->comes_before(live->parent.writer)) return {};
  return fail(ErrorKind::cancelled,
              fmt::format("node {} comes to another outcome, which stays: have the same version of "
                          "primocane on all nodes",
                          live->parent.writer));
}

// By the history of the branch as it is now.
Task<Result<void>> Claims::compare(CommitId other) {
  if (memory_.known_ancestors.contains(other)) co_return Result<void>();
  Result<Revision> checked = co_await repository_.update(other, Rewrite::refuse);
  if (!checked) co_return std::unexpected(std::move(checked).error());
  const bool is_behind = checked->commit != memory_.rendered->commit;
  if (is_behind && fetched_ == checked->commit) {
    co_return fail(ErrorKind::unavailable, "and what the branch has now can't be rendered here");
  }
  if (is_behind) co_return fail(ErrorKind::cancelled, "which this one fetches first");
  if (memory_.known_ancestors.size() >= known_ancestors_max) memory_.known_ancestors.clear();
  memory_.known_ancestors.insert(std::move(other));
  co_return Result<void>();
}

}  // namespace primocane
