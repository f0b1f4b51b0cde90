// SPDX-License-Identifier: Apache-2.0
// GitWorld: a real repository, a mirror of it on disk and what joins them, for one test.
#pragma once

#include "host/children.hpp"
#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"
#include "source/commit_tree.hpp"
#include "source/git_repository.hpp"
#include "support/git_fixture.hpp"
#include "support/local_git.hpp"
#include "support/temporary_folder.hpp"

#include <catch2/catch_message.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace primocane {

class GitWorld {
 public:
  GitWorld() : remote_(folder_ / "remote.git") {
    remote_.git("config uploadpack.allowFilter true");
    settings.url = "https://git.example.org/lab.git";
    start();
  }

  /// A new process: nothing but the disk is kept.
  void start() {
    repository_.reset();
    auto transport = std::make_unique<LocalGit>(children_, remote_.path());
    transport->dialect = dialect;
    git_ = transport.get();
    repository_ = std::make_unique<GitRepository>(settings, mirror_folder(), *loop_, children_,
                                                  std::move(transport));
  }

  CommitId commit(const std::string& text) {
    return remote_.commit({.files = {{"a.yaml", text}, {"big.yaml", std::string(5000, 'x')}},
                           .links = {},
                           .submodules = {}});
  }

  Result<Revision> update(std::optional<CommitId> applied = std::nullopt,
                          Rewrite rewrite = Rewrite::refuse) {
    auto updated = run_until_done(*loop_, repository_->update(std::move(applied), rewrite));
    if (!updated) UNSCOPED_INFO(updated.error().message);
    return updated;
  }
  Result<Revision> resolve(std::string name) {
    auto resolved = run_until_done(*loop_, repository_->resolve(std::move(name)));
    if (!resolved) UNSCOPED_INFO(resolved.error().message);
    return resolved;
  }
  /// The commit on disk; nothing if there is none or the mirror is damaged.
  std::optional<CommitId> on_disk() {
    const auto found = repository_->on_disk();
    if (!found || !*found) return std::nullopt;
    return (*found)->commit;
  }
  /// What a.yaml holds in `commit`, as a renderer reads it.
  std::string read(const CommitId& commit) const {
    const auto tree = open_commit_tree(mirror_path(), commit);
    if (!tree) return tree.error().message;
    const auto text = (*tree)->read(RelativePath::parse("a.yaml").value(), ByteCount(1000));
    return text ? *text : text.error().message;
  }

  [[nodiscard]] std::string mirror_path() const { return folder_ / "mirror.git"; }
  /// Boxed children run as nobody when root runs the tests.
  [[nodiscard]] MirrorFolder mirror_folder() const {
    MirrorFolder folder{.path = mirror_path(), .readers = {}};
    if (::geteuid() == 0) folder.readers = BoxUser{}.gid;
    return folder;
  }
  GitFixture& remote() { return remote_; }
  LocalGit& git() { return *git_; }
  GitRepository& repository() { return *repository_; }
  EpollLoop& loop() { return *loop_; }
  Children& children() { return children_; }
  TemporaryFolder& folder() { return folder_; }

  GitSettings settings;
  GitDialect dialect = GitDialect::v2;

 private:
  TemporaryFolder folder_;
  GitFixture remote_;
  SystemClock clock_;
  std::unique_ptr<EpollLoop> loop_ = EpollLoop::make(clock_).value();
  Children children_{*loop_, {.boxing = Boxing::best_effort, .box_user = {}}};
  LocalGit* git_ = nullptr;
  std::unique_ptr<GitRepository> repository_;
};

}  // namespace primocane
