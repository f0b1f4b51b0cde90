// SPDX-License-Identifier: Apache-2.0
#include "source/git_repository.hpp"

#include "base/time_limit.hpp"
#include "source/mirror_growth.hpp"
#include "source/ref_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <variant>
#include <vector>

namespace primocane {

namespace {

// A poll takes milliseconds; a fetch of another process may take longer than we want to wait.
constexpr int lock_tries = 50;
constexpr std::chrono::milliseconds lock_pause{100};

// Not in a coroutine: GCC 12 copies what is made of such a call's arguments byte by byte.
SignedTip signed_tip(const CommitId& commit, const std::optional<CommitId>& tag) {
  return {.commit = commit, .tag = tag};
}

}  // namespace

GitRepository::GitRepository(GitSettings settings, MirrorFolder folder, EventLoop& loop,
                             ChildProcesses& children, std::unique_ptr<GitTransport> transport)
    : settings_(std::move(settings)),
      reference_(followed_reference(settings_)),
      mirror_(std::move(folder)),
      loop_(loop),
      children_(children),
      transport_(std::move(transport)) {}

void GitRepository::require_signatures(GitVerification verification, std::string key_folder) {
  verification_ = std::move(verification);
  key_folder_ = std::move(key_folder);
  verified_.reset();
  unsigned_.reset();
}

Result<std::optional<Revision>> GitRepository::on_disk() {
  const MirrorState state = TRY(mirror_.state());
  if (!state.tip || !is_followed(*state.tip)) return std::nullopt;
  return revision(state.tip->commit, state.tip->committed_at, state.tip->branch);
}

Task<Result<Revision>> GitRepository::update(std::optional<CommitId> applied, Rewrite rewrite) {
  auto updated =
      co_await within(loop_, settings_.fetch_timeout, update_now(std::move(applied), rewrite));
  // What is remembered of the server may be what was wrong.
  if (!updated || !*updated) memory_ = {};
  if (updated) co_return std::move(*updated);
  co_return too_slow();
}

std::optional<std::string> GitRepository::take_damage() {
  return std::exchange(damage_, std::nullopt);
}

Task<Result<Revision>> GitRepository::update_now(std::optional<CommitId> applied, Rewrite rewrite) {
  CO_TRY(const UniqueFd lock, co_await locked());
  CO_TRY(Found found, co_await find_state());
  if (!found.damage.empty()) damage_ = found.damage;
  // Nothing else goes on where it was: a tag is moved by those who may.
  if (!is_branch(reference_)) applied.reset();
  std::optional<CommitId> accepted;
  if (rewrite == Rewrite::accept) accepted = std::exchange(applied, std::nullopt);
  GitRemote remote(*transport_, memory_);
  auto updated = co_await update_locked(&remote, std::move(found.state), std::move(applied));
  if (updated || updated.error().kind != ErrorKind::unavailable) {
    co_await remote.leave();
  }
  // A person has judged: the same question is not asked again while the pass has to be repeated.
  if (updated && accepted) proven_ = std::pair(updated->commit, *accepted);
  if (!updated && !found.damage.empty()) {
    co_return std::unexpected(
        with_context(found.damage + ", and it can't be fetched anew", std::move(updated).error()));
  }
  co_return updated;
}

Task<Result<Revision>> GitRepository::update_locked(GitRemote* remote, MirrorState state,
                                                    std::optional<CommitId> applied) {
  CO_TRY(const ReferenceTip found, co_await remote_tip(remote));
  const CommitId& tip = found.commit;
  if (applied == tip) applied.reset();
  if (applied && refusal_ && refusal_->tip == tip && refusal_->applied == *applied) {
    co_return std::unexpected(refusal_->error);
  }
  if (unsigned_ && unsigned_->tip.commit == tip && unsigned_->tip.tag == found.tag) {
    co_return std::unexpected(unsigned_->error);
  }
  bool is_here = state.tip && is_followed(*state.tip) && state.tip->commit == tip;
  // A tag that was made anew is fetched with its commit.
  if (is_here) {
    CO_TRY(is_here, co_await verify(signed_tip(tip, found.tag)));
  }
  if (!is_here) {
    TipGoal goal{.tip = tip,
                 .tag = found.tag,
                 .ancestor = std::move(applied),
                 .have = {},
                 .have_descends = false};
    auto taken = co_await take_tip(remote, std::move(state), std::move(goal), found.label);
    co_return taken;
  }
  CO_TRY(std::optional<Error> refusal, co_await refusal_of(remote, *state.tip, applied));
  if (refusal) co_return refuse(tip, *applied, std::move(*refusal));
  co_return keep_tip(std::move(state), found.label);
}

// False if what is to be verified is not all here.
Task<Result<bool>> GitRepository::verify(SignedTip tip) {
  if (!verification_ || verified_ == tip) co_return true;
  auto checked = co_await check_signatures(&mirror_, &children_, &*verification_, key_folder_, tip);
  if (checked && *checked) verified_ = tip;
  if (!checked) {
    co_return refuse_unsigned(std::move(tip), std::move(checked).error());
  }
  co_return *checked;
}

// What is here is what is followed; another tag may lead there now.
Result<Revision> GitRepository::keep_tip(MirrorState state, const std::string& label) {
  if (state.tip->branch != label) {
    state.tip->branch = label;
    TRY(mirror_.set_state(state));
  }
  return revision(state.tip->commit, state.tip->committed_at, label);
}

Task<Result<UniqueFd>> GitRepository::locked() {
  for (int tries = 1;; ++tries) {
    auto lock = mirror_.lock();
    if (lock || lock.error().kind != ErrorKind::conflict || tries == lock_tries) co_return lock;
    co_await sleep_for(loop_, lock_pause);
  }
}

Task<Result<GitRepository::Found>> GitRepository::find_state() {
  Result<MirrorState> read = mirror_.state();
  if (!read) {
    mirror_.remove_incoming();
    co_return Found{.state = {}, .damage = std::move(read).error().message};
  }
  std::string packs = mirror_.fingerprint(*read);
  if (read->tip && packs != checked_packs_) {
    CheckCommit check{
        .commit = read->tip->commit, .depth = CheckDepth::content, .blob_max = settings_.file_max};
    auto answer = co_await check_in_mirror(&mirror_, &children_, std::move(check));
    if (!answer) co_return std::unexpected(std::move(answer).error());
    if (const auto* incomplete = std::get_if<IncompleteCommit>(&*answer)) {
      mirror_.remove_incoming();
      co_return Found{.state = {},
                      .damage = fmt::format("the mirror {} is damaged: {}", mirror_.path(),
                                            incomplete->reason)};
    }
  }
  checked_packs_ = std::move(packs);
  mirror_.clean(*read);
  co_return Found{.state = std::move(*read), .damage = {}};
}

Task<Result<ReferenceTip>> GitRepository::remote_tip(GitRemote* remote) {
  RemoteRefs refs;
  if (std::vector<std::string> names = refs_to_ask(reference_); !names.empty()) {
    auto asked = co_await remote->refs(std::move(names));
    if (!asked) co_return std::unexpected(with_context(settings_.url, std::move(asked).error()));
    refs = std::move(*asked);
  }
  Result<std::vector<ReferenceTip>> tips = find_tips(reference_, refs);
  if (!tips) {
    co_return fail(tips.error().kind, fmt::format("{} {}", settings_.url, tips.error().message));
  }
  if (tips->size() == 1) co_return std::move(tips->front());
  co_return co_await youngest(remote, std::move(*tips));
}

// Versions that differ in their build alone: the one that was made last, as Flux takes it; the last
// by its name where that does not tell.
Task<Result<ReferenceTip>> GitRepository::youngest(GitRemote* remote,
                                                   std::vector<ReferenceTip> tips) {
  constexpr std::size_t tips_max = 32;
  if (tips.size() > tips_max) {
    co_return fail(ErrorKind::invalid,
                   fmt::format("{} has more than {} tags of one version, such as {}: expected few "
                               "that differ in their build alone",
                               settings_.url, tips_max, tips.front().label));
  }
  std::map<CommitId, WallTime> times;
  for (const ReferenceTip& tip : tips) {
    CO_TRY(const WallTime time, co_await commit_time(remote, tip));
    times.insert_or_assign(tip.commit, time);
  }
  commit_times_ = times;
  const auto last = std::ranges::max_element(tips, {}, [&times](const ReferenceTip& tip) {
    return std::pair(times.at(tip.commit), std::string_view(tip.label));
  });
  co_return std::move(*last);
}

Task<Result<WallTime>> GitRepository::commit_time(GitRemote* remote, ReferenceTip tip) {
  if (const auto known = commit_times_.find(tip.commit); known != commit_times_.end()) {
    co_return known->second;
  }
  CO_TRY(const GitCapabilities server, co_await remote->capabilities());
  FetchRequest request{
      .want = std::move(tip.commit), .tag = std::move(tip.tag), .have = std::nullopt, .depth = 1};
  if (server.has_filter) request.content = FetchContent::commits_only;
  PackFetcher fetcher(*remote, mirror_, children_, settings_);
  CO_TRY(const FetchedPack fetched, co_await fetcher.fetch(std::move(request), {}));
  fetcher.discard_fetched();
  co_return fetched.pack.committed_at;
}

// Why `tip`, which is here, may not follow `applied`.
Task<Result<std::optional<Error>>> GitRepository::refusal_of(GitRemote* remote, MirrorTip tip,
                                                             std::optional<CommitId> applied) {
  const bool is_known = !applied || tip.descends_from == applied ||
                        (proven_ && proven_->first == tip.commit && proven_->second == *applied);
  if (is_known) co_return std::nullopt;
  PackFetcher fetcher(*remote, mirror_, children_, settings_);
  TipGoal goal{.tip = tip.commit, .ancestor = applied, .have = {}, .have_descends = false};
  auto refusal = co_await prove_descent(&fetcher, settings_, std::move(goal));
  if (refusal && !*refusal) proven_ = std::pair(tip.commit, *applied);
  co_return refusal;
}

Task<Result<Revision>> GitRepository::take_tip(GitRemote* remote, MirrorState state, TipGoal goal,
                                               std::string label) {
  PackFetcher fetcher(*remote, mirror_, children_, settings_);
  if (state.tip) {
    goal.have = commit_to_build_on(*state.tip);
    goal.have_descends =
        goal.ancestor &&
        (goal.have == goal.ancestor ||
         (goal.have == state.tip->commit && state.tip->descends_from == goal.ancestor));
  }
  CO_TRY(TipFetch fetch, co_await fetch_tip(&fetcher, settings_, goal));
  if (auto* refusal = std::get_if<Error>(&fetch)) {
    co_return refuse(goal.tip, *goal.ancestor, std::move(*refusal));
  }
  TipPack pack = std::get<TipPack>(std::move(fetch));
  auto committed_at = co_await install(pack.fetched, goal.tip, state);
  if (!committed_at && pack.on_top_of) {
    // What the server left out is not here after all.
    FetchRequest whole{.want = goal.tip, .tag = goal.tag, .have = std::nullopt, .depth = 1};
    CO_TRY(pack.fetched, co_await fetcher.fetch(std::move(whole), {}));
    pack.on_top_of.reset();
    committed_at = co_await install(pack.fetched, goal.tip, state);
  }
  if (!committed_at) co_return std::unexpected(std::move(committed_at).error());
  CO_TRY(const bool is_signed, co_await verify(signed_tip(goal.tip, goal.tag)));
  if (!is_signed) {
    co_return fail(ErrorKind::invalid, settings_.url + " did not send the tag that it names");
  }
  MirrorTip next{.remote = settings_.url,
                 .branch = label,
                 .commit = goal.tip,
                 .committed_at = *committed_at,
                 .descends_from = goal.ancestor,
                 .base = goal.tip,
                 .packs = {pack.fetched.files()},
                 .shallow = pack.fetched.shallow};
  state.tip = grown(state.tip, std::move(next), pack.on_top_of);
  CO_CHECK(mirror_.set_state(state));
  checked_packs_ = mirror_.fingerprint(state);
  mirror_.remove_incoming();
  co_return revision(goal.tip, *committed_at, std::move(label));
}

// Moves a pack among those of `state` and makes sure that `commit` is complete with it; when it was
// made. Nothing else is there then: after damage that is all that was there.
Task<Result<WallTime>> GitRepository::install(FetchedPack fetched, CommitId commit,
                                              MirrorState state) {
  mirror_.remove_packs_beside(state);
  CO_CHECK(mirror_.install_pack(fetched.folder, fetched.files()));
  CheckCommit check{
      .commit = commit, .depth = CheckDepth::presence, .blob_max = settings_.file_max};
  CO_TRY(const PackAnswer answer, co_await check_in_mirror(&mirror_, &children_, std::move(check)));
  if (const auto* complete = std::get_if<CompleteCommit>(&answer)) {
    co_return complete->committed_at;
  }
  if (const auto* error = std::get_if<Error>(&answer)) co_return std::unexpected(*error);
  const auto* incomplete = std::get_if<IncompleteCommit>(&answer);
  co_return fail(ErrorKind::invalid,
                 fmt::format("{} did not send all of commit {}: {}", settings_.url, commit.str(),
                             incomplete != nullptr ? incomplete->reason : "odd answer"));
}

std::unexpected<Error> GitRepository::refuse(const CommitId& tip, const CommitId& applied,
                                             Error error) {
  refusal_ = Refusal{.tip = tip, .applied = applied, .error = error};
  return std::unexpected(std::move(error));
}

std::unexpected<Error> GitRepository::refuse_unsigned(SignedTip tip, Error error) {
  Error told = with_context(settings_.url, std::move(error));
  if (told.kind == ErrorKind::denied) {
    unsigned_ = Unsigned{.tip = std::move(tip), .error = told};
  }
  return std::unexpected(std::move(told));
}

std::unexpected<Error> GitRepository::too_slow() const {
  return fail(ErrorKind::unavailable, fmt::format("{}: not done within {} s", settings_.url,
                                                  settings_.fetch_timeout.count()));
}

Revision GitRepository::revision(const CommitId& commit, WallTime committed_at,
                                 std::string label) const {
  return {.remote = settings_.url,
          .branch = std::move(label),
          .commit = commit,
          .committed_at = committed_at};
}

bool GitRepository::is_followed(const MirrorTip& tip) const {
  return tip.remote == settings_.url && may_lead_to(reference_, tip.branch, tip.commit);
}

}  // namespace primocane
