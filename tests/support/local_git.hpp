// SPDX-License-Identifier: Apache-2.0
// LocalGit: a GitTransport to a git-upload-pack on this machine, without a network between.
#pragma once

#include "base/child_process.hpp"
#include "source/git_greeting.hpp"
#include "source/git_transport.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// Stateful, as over SSH. Counts and can be told to fail.
class LocalGit final : public GitTransport {
 public:
  /// Both are borrowed or copied from: `children` outlives it.
  LocalGit(ChildProcesses& children, std::string repository)
      : children_(children), repository_(std::move(repository)) {}

  [[nodiscard]] bool is_stateful() const override { return true; }
  Task<Result<std::unique_ptr<GitStream>>> greet() override;
  Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) override;
  Task<void> leave() override;

  GitDialect dialect = GitDialect::v2;
  /// Everything that was asked since the start, message by message.
  std::vector<std::string> messages;
  std::uint64_t bytes_received = 0;
  /// Sees each piece of an answer before the reader and may change it or fail.
  std::function<Result<void>(std::string& piece)> tamper;

 private:
  class Stream;

  ChildProcesses& children_;
  std::string repository_;
  std::unique_ptr<ChildProcess> upload_pack_;
};

}  // namespace primocane
