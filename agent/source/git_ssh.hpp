// SPDX-License-Identifier: Apache-2.0
// GitSsh: Git's protocol through the system's ssh.
#pragma once

#include "base/child_process.hpp"
#include "base/event_loop.hpp"
#include "source/git_settings.hpp"
#include "source/git_transport.hpp"
#include "source/git_url.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace primocane {

/// One ssh for each conversation. All of it is on the loop's thread.
class GitSsh final : public GitTransport {
 public:
  /// The references are borrowed and outlive it.
  GitSsh(EventLoop& loop, ChildProcesses& children, GitUrl url, GitSettings settings)
      : loop_(loop), children_(children), url_(std::move(url)), settings_(std::move(settings)) {}

  [[nodiscard]] bool is_stateful() const override { return true; }
  Task<Result<std::unique_ptr<GitStream>>> greet() override;
  Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) override;
  Task<void> leave() override;

 private:
  class Stream;

  EventLoop& loop_;
  ChildProcesses& children_;
  GitUrl url_;
  GitSettings settings_;
  std::unique_ptr<ChildProcess> ssh_;
};

}  // namespace primocane
