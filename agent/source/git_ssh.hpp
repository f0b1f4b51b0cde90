// SPDX-License-Identifier: Apache-2.0
// GitSsh: Git's protocol through the system's ssh.
#pragma once

#include "base/child_process.hpp"
#include "base/event_loop.hpp"
#include "base/work_folder.hpp"
#include "source/git_settings.hpp"
#include "source/git_transport.hpp"
#include "source/git_url.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

/// Keys that are in no file yet, for an ssh that reads nothing else. They lie in a folder of their
/// own, open to us alone, while an ssh runs.
struct SshKeys {
  std::string identity;
  std::string known_hosts;
  std::string folder;  ///< where that folder is made: in memory (/run), not on a disk
};

/// One ssh for each conversation. All of it is on the loop's thread.
class GitSsh final : public GitTransport {
 public:
  /// The references are borrowed and outlive it. `keys` take the place of the files that
  /// `settings` name.
  GitSsh(EventLoop& loop, ChildProcesses& children, GitUrl url, GitSettings settings, SshKeys keys)
      : GitSsh(loop, children, std::move(url), std::move(settings)) {
    keys_ = std::move(keys);
  }
  GitSsh(EventLoop& loop, ChildProcesses& children, GitUrl url, GitSettings settings)
      : loop_(loop), children_(children), url_(std::move(url)), settings_(std::move(settings)) {}

  [[nodiscard]] bool is_stateful() const override { return true; }
  Task<Result<std::unique_ptr<GitStream>>> greet() override;
  Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) override;
  Task<void> leave() override;

 private:
  class Stream;

  [[nodiscard]] Result<GitSettings> settings_with_files();
  void end();

  EventLoop& loop_;
  ChildProcesses& children_;
  GitUrl url_;
  GitSettings settings_;
  std::optional<SshKeys> keys_;
  std::optional<WorkFolder> files_;  // that hold the keys; before what reads them
  std::unique_ptr<ChildProcess> ssh_;
};

}  // namespace primocane
