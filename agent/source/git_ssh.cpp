// SPDX-License-Identifier: Apache-2.0
#include "source/git_ssh.hpp"

#include "base/durable_file.hpp"
#include "base/time_limit.hpp"
#include "source/pkt_line.hpp"
#include "source/ssh_command.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace primocane {

namespace {

// How long an ssh that has nothing more to do may take to end.
constexpr std::chrono::seconds farewell{2};

Error stalled(std::chrono::seconds limit) {
  return {ErrorKind::unavailable, fmt::format("ssh: nothing moved for {} s", limit.count())};
}

}  // namespace

class GitSsh::Stream final : public GitStream {
 public:
  explicit Stream(GitSsh* ssh) : transport_(*ssh) {}

  Task<Result<std::string>> read() override {
    ChildProcess& ssh = *transport_.ssh_;
    const std::chrono::seconds limit = transport_.settings_.stall_timeout;
    auto piece = co_await within(transport_.loop_, limit, ssh.read());
    if (!piece) co_return std::unexpected(stalled(limit));
    if (piece->has_value() && !(*piece)->empty()) {
      was_answered_ = true;
      co_return std::move(*piece);
    }
    auto exit = co_await within(transport_.loop_, limit, ssh.wait());
    if (!exit) co_return std::unexpected(stalled(limit));
    co_return std::unexpected(
        ssh_error(exit->code, ssh.error_output(), transport_.settings_.credential_names));
  }

  bool was_answered() const override { return was_answered_; }

 private:
  GitSsh& transport_;
  bool was_answered_ = false;
};

Task<Result<std::unique_ptr<GitStream>>> GitSsh::greet() {
  end();
  CO_TRY(const GitSettings settings, settings_with_files());
  CO_TRY(std::vector<std::string> arguments, ssh_arguments(url_, settings));
  ProgramSpec spec{.arguments = std::move(arguments),
                   .environment = {},
                   .wall_time = settings_.fetch_timeout + settings_.connect_timeout};
  CO_TRY(ssh_, children_.start_program(std::move(spec)));
  std::unique_ptr<GitStream> stream = std::make_unique<Stream>(this);
  co_return stream;
}

Task<Result<std::unique_ptr<GitStream>>> GitSsh::ask(std::string message) {
  if (!ssh_) co_return fail(ErrorKind::unavailable, "there is no ssh to ask");
  const std::chrono::seconds limit = settings_.stall_timeout;
  auto written = co_await within(loop_, limit, ssh_->write(std::move(message)));
  if (!written) co_return std::unexpected(stalled(limit));
  // When ssh no longer reads it has ended, and the stream says why.
  ignore(*written, "the stream reports the end of ssh with its words");
  std::unique_ptr<GitStream> stream = std::make_unique<Stream>(this);
  co_return stream;
}

Task<void> GitSsh::leave() {
  if (!ssh_) co_return;
  auto written = co_await within(loop_, farewell, ssh_->write(std::string(pkt_flush)));
  if (written) {
    ssh_->close_input();
    co_await within(loop_, farewell, ssh_->wait());
  }
  end();
}

void GitSsh::end() {
  ssh_.reset();
  files_.reset();
}

Result<GitSettings> GitSsh::settings_with_files() {
  GitSettings settings = settings_;
  if (!keys_) return settings;
  constexpr unsigned owner_alone = 0600;
  WorkFolder folder = TRY(WorkFolder::make(keys_->folder));
  GitAuthentication& files = settings.authentication;
  files.ssh_key = folder.path() + "/identity";
  files.ssh_known_hosts = folder.path() + "/known_hosts";
  TRY(replace_file(files.ssh_key, keys_->identity, Durability::lazy, owner_alone));
  TRY(replace_file(files.ssh_known_hosts, keys_->known_hosts, Durability::lazy, owner_alone));
  files_.emplace(std::move(folder));
  return settings;
}

}  // namespace primocane
