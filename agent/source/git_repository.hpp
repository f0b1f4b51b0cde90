// SPDX-License-Identifier: Apache-2.0
// GitRepository: the Repository that follows a branch or another ref of a remote by Git's protocol
// and keeps a mirror of it on disk.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/git_access.hpp"
#include "source/git_reference.hpp"
#include "source/git_remote.hpp"
#include "source/git_settings.hpp"
#include "source/git_transport.hpp"
#include "source/git_url.hpp"
#include "source/git_verification.hpp"
#include "source/mirror.hpp"
#include "source/pack_fetcher.hpp"
#include "source/repository.hpp"
#include "source/signature_check.hpp"
#include "source/tip_fetch.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// Contract: Repository. One update() or resolve() at a time. Another process that works on the
/// same mirror makes both `conflict`.
///
/// The mirror is looked through completely at the first update() and whenever its packs have been
/// touched; what is damaged is fetched anew, and until that is done on_disk() is an error that says
/// so.
class GitRepository final : public Repository {
 public:
  /// What `settings` follow must be sound (check_reference()). References are borrowed and outlive
  /// it.
  GitRepository(GitSettings settings, MirrorFolder folder, EventLoop& loop,
                ChildProcesses& children, std::unique_ptr<GitTransport> transport);

  /// From now on update() takes what is signed as `verification` says, else it is `denied` and what
  /// is on disk stays. Keys lie in a folder of their own below `key_folder` (in memory) meanwhile.
  void require_signatures(GitVerification verification, std::string key_folder);

  [[nodiscard]] Result<std::optional<Revision>> on_disk() override;
  Task<Result<Revision>> update(std::optional<CommitId> applied, Rewrite rewrite) override;
  [[nodiscard]] std::optional<std::string> take_damage() override;
  /// Names are looked up as branches first, then as tags, then as full refs ("refs/pull/1/head").
  Task<Result<Revision>> resolve(std::string revision) override;
  [[nodiscard]] std::string mirror_path() const override { return mirror_.path(); }

  /// The commit that the first of these full names of refs that exists leads to now, asked of the
  /// remote; the disk is left alone. `invalid` if none exists.
  Task<Result<CommitId>> look_up(std::vector<std::string> refs);

 private:
  /// A commit that was refused, so that it is not looked at again at each poll.
  struct Refusal {
    CommitId tip;
    CommitId applied;
    Error error;
  };

  /// What was not signed as it must be, likewise.
  struct Unsigned {
    SignedTip tip;
    Error error;
  };

  /// What is on disk and can be relied on, and what was found wrong with it.
  struct Found {
    MirrorState state;
    std::string damage;
  };

  Task<Result<Revision>> update_now(std::optional<CommitId> applied, Rewrite rewrite);
  Task<Result<Revision>> update_locked(GitRemote* remote, MirrorState state,
                                       std::optional<CommitId> applied);
  Task<Result<bool>> verify(SignedTip tip);
  Task<Result<UniqueFd>> locked();
  Task<Result<Found>> find_state();
  Task<Result<ReferenceTip>> remote_tip(GitRemote* remote);
  Task<Result<ReferenceTip>> youngest(GitRemote* remote, std::vector<ReferenceTip> tips);
  Task<Result<WallTime>> commit_time(GitRemote* remote, ReferenceTip tip);
  Task<Result<std::optional<Error>>> refusal_of(GitRemote* remote, MirrorTip tip,
                                                std::optional<CommitId> applied);
  Task<Result<Revision>> take_tip(GitRemote* remote, MirrorState state, TipGoal goal,
                                  std::string label);
  [[nodiscard]] Result<Revision> keep_tip(MirrorState state, const std::string& label);
  Task<Result<WallTime>> install(FetchedPack fetched, CommitId commit, MirrorState state);
  [[nodiscard]] std::unexpected<Error> refuse(const CommitId& tip, const CommitId& applied,
                                              Error error);
  [[nodiscard]] std::unexpected<Error> refuse_unsigned(SignedTip tip, Error error);

  Task<Result<Revision>> resolve_now(std::string name);
  Task<Result<CommitId>> look_up_now(std::vector<std::string> refs);
  Task<Result<CommitId>> commit_named(GitRemote* remote, MirrorState state, std::string name);
  Task<Result<std::optional<CommitId>>> first_of(GitRemote* remote,
                                                 std::vector<std::string> refs) const;
  Task<Result<Revision>> fetch_extra(GitRemote* remote, MirrorState state, std::string name,
                                     CommitId commit);

  [[nodiscard]] std::unexpected<Error> too_slow() const;
  [[nodiscard]] Revision revision(const CommitId& commit, WallTime committed_at,
                                  std::string label) const;
  [[nodiscard]] bool is_followed(const MirrorTip& tip) const;

  GitSettings settings_;
  GitReference reference_;
  Mirror mirror_;
  EventLoop& loop_;
  ChildProcesses& children_;
  std::unique_ptr<GitTransport> transport_;
  ServerMemory memory_;
  std::optional<GitVerification> verification_;
  std::string key_folder_;
  std::optional<SignedTip> verified_;
  std::optional<Unsigned> unsigned_;
  std::string checked_packs_;          // fingerprint of the packs that were looked through
  std::optional<std::string> damage_;  // not taken yet
  std::optional<Refusal> refusal_;
  std::optional<std::pair<CommitId, CommitId>> proven_;  // tip and ancestor
  std::map<CommitId, WallTime> commit_times_;            // of versions that are as new as others
};

/// What a configured repository is made of. `invalid` if URL, reference or authentication do not
/// fit together. `read_file` reads credentials at each use.
[[nodiscard]] Result<std::unique_ptr<GitRepository>> make_git_repository(GitSettings settings,
                                                                         MirrorFolder folder,
                                                                         EventLoop& loop,
                                                                         ChildProcesses& children,
                                                                         ReadFile read_file);

/// The same with the credentials themselves. Keys for SSH lie in a folder of their own below
/// `key_folder` while an ssh runs: in memory (/run), not on a disk.
[[nodiscard]] Result<std::unique_ptr<GitRepository>> make_git_repository(
    GitSettings settings, GitAccess access, MirrorFolder folder, const std::string& key_folder,
    EventLoop& loop, ChildProcesses& children);

}  // namespace primocane
