// SPDX-License-Identifier: Apache-2.0
// GitRepository's second task: commits that are asked for by name.
#include "base/time_limit.hpp"
#include "source/git_repository.hpp"
#include "source/mirror_growth.hpp"
#include "source/ref_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <variant>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t abbreviation_min = 7;

// A commit of `state` that begins with `name`, if one does.
std::optional<CommitId> commit_with_prefix(const MirrorState& state, std::string_view name) {
  if (name.size() < abbreviation_min) return std::nullopt;
  if (state.tip && state.tip->commit.str().starts_with(name)) return state.tip->commit;
  for (const MirrorExtra& extra : state.extras) {
    if (extra.commit.str().starts_with(name)) return extra.commit;
  }
  return std::nullopt;
}

// The refs that `name` may mean, best first.
std::vector<std::string> candidates(const std::string& name) {
  std::vector<std::string> refs;
  if (is_branch_name(name)) refs = {"refs/heads/" + name, "refs/tags/" + name};
  if (is_ref_name(name) || name == "HEAD") refs.push_back(name);
  return refs;
}

}  // namespace

Task<Result<Revision>> GitRepository::resolve(std::string revision) {
  auto resolved = co_await within(loop_, settings_.fetch_timeout, resolve_now(std::move(revision)));
  if (!resolved || !*resolved) memory_ = {};
  if (resolved) co_return std::move(*resolved);
  co_return too_slow();
}

Task<Result<CommitId>> GitRepository::look_up(std::vector<std::string> refs) {
  auto found = co_await within(loop_, settings_.fetch_timeout, look_up_now(std::move(refs)));
  if (!found || !*found) memory_ = {};
  if (found) co_return std::move(*found);
  co_return too_slow();
}

Task<Result<CommitId>> GitRepository::look_up_now(std::vector<std::string> refs) {
  GitRemote remote(*transport_, memory_);
  CO_TRY(std::optional<CommitId> found, co_await first_of(&remote, refs));
  co_await remote.leave();
  if (found) co_return std::move(*found);
  constexpr std::string_view branches = "refs/heads/";
  if (refs.size() == 1 && refs.front().starts_with(branches)) {
    co_return fail(ErrorKind::invalid, fmt::format("{} has no branch {}", settings_.url,
                                                   refs.front().substr(branches.size())));
  }
  co_return fail(ErrorKind::invalid,
                 fmt::format("{} has none of {}", settings_.url, fmt::join(refs, ", ")));
}

Task<Result<Revision>> GitRepository::resolve_now(std::string name) {
  CO_TRY(const UniqueFd lock, co_await locked());
  CO_TRY(Found found, co_await find_state());
  GitRemote remote(*transport_, memory_);
  CO_TRY(const CommitId commit, co_await commit_named(&remote, found.state, name));
  CheckCommit check{
      .commit = commit, .depth = CheckDepth::presence, .blob_max = settings_.file_max};
  CO_TRY(const PackAnswer answer, co_await check_in_mirror(&mirror_, &children_, std::move(check)));
  if (const auto* complete = std::get_if<CompleteCommit>(&answer)) {
    co_await remote.leave();
    Revision here = revision(commit, complete->committed_at, settings_.branch);
    co_return here;
  }
  auto fetched = co_await fetch_extra(&remote, std::move(found.state), std::move(name), commit);
  co_await remote.leave();
  co_return fetched;
}

Task<Result<CommitId>> GitRepository::commit_named(GitRemote* remote, MirrorState state,
                                                   std::string name) {
  if (Result<CommitId> whole = CommitId::parse(name)) co_return std::move(*whole);
  if (std::optional<CommitId> known = commit_with_prefix(state, name)) {
    co_return std::move(*known);
  }
  const std::vector<std::string> names = candidates(name);
  if (names.empty()) {
    co_return fail(ErrorKind::invalid, "this is no name of a branch, a tag or a commit");
  }
  CO_TRY(std::optional<CommitId> found, co_await first_of(remote, names));
  if (found) co_return std::move(*found);
  co_return fail(ErrorKind::invalid,
                 fmt::format("{} has no branch or tag {} (a commit that is not on disk needs all "
                             "40 digits)",
                             settings_.url, name));
}

Task<Result<std::optional<CommitId>>> GitRepository::first_of(GitRemote* remote,
                                                              std::vector<std::string> refs) const {
  auto found = co_await remote->refs(refs);
  if (!found) co_return std::unexpected(with_context(settings_.url, std::move(found).error()));
  for (const std::string& name : refs) {
    const auto ref = found->find(name);
    if (ref != found->end()) co_return ref->second.commit;
  }
  co_return std::nullopt;
}

// The commit stays in the mirror beside the branch, until some others have come.
Task<Result<Revision>> GitRepository::fetch_extra(GitRemote* remote, MirrorState state,
                                                  std::string name, CommitId commit) {
  PackFetcher fetcher(*remote, mirror_, children_, settings_);
  FetchRequest request{.want = commit, .have = std::nullopt, .depth = 1};
  auto fetched = co_await fetcher.fetch(std::move(request), {});
  if (!fetched) {
    co_return std::unexpected(
        with_context(fmt::format("{} of {}", name, settings_.url), std::move(fetched).error()));
  }
  CO_TRY(const WallTime committed_at, co_await install(*fetched, commit, state));
  MirrorExtra extra{.commit = commit, .committed_at = committed_at, .pack = fetched->files()};
  state = with_extra(std::move(state), std::move(extra));
  CO_CHECK(mirror_.set_state(state));
  checked_packs_ = mirror_.fingerprint(state);
  mirror_.remove_incoming();
  Revision taken = revision(commit, committed_at, settings_.branch);
  co_return taken;
}

}  // namespace primocane
