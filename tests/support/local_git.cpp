// SPDX-License-Identifier: Apache-2.0
#include "support/local_git.hpp"

#include <utility>

namespace primocane {

class LocalGit::Stream final : public GitStream {
 public:
  explicit Stream(LocalGit* git) : git_(*git) {}

  Task<Result<std::string>> read() override {
    CO_TRY(std::string piece, co_await git_.upload_pack_->read());
    if (piece.empty()) co_return piece;
    was_answered_ = true;
    git_.bytes_received += piece.size();
    if (git_.tamper) {
      CO_CHECK(git_.tamper(piece));
    }
    co_return piece;
  }

  bool was_answered() const override { return was_answered_; }

 private:
  LocalGit& git_;
  bool was_answered_ = false;
};

Task<Result<std::unique_ptr<GitStream>>> LocalGit::greet() {
  ProgramSpec spec{.arguments = {"git-upload-pack", repository_},
                   .environment = {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null"},
                   .wall_time = std::chrono::seconds(600)};
  if (dialect == GitDialect::v2) spec.environment.emplace_back("GIT_PROTOCOL=version=2");
  CO_TRY(upload_pack_, children_.start_program(std::move(spec)));
  std::unique_ptr<GitStream> stream = std::make_unique<Stream>(this);
  co_return stream;
}

Task<Result<std::unique_ptr<GitStream>>> LocalGit::ask(std::string message) {
  messages.push_back(message);
  auto written = co_await upload_pack_->write(std::move(message));
  ignore(written, "the stream ends");
  std::unique_ptr<GitStream> stream = std::make_unique<Stream>(this);
  co_return stream;
}

Task<void> LocalGit::leave() {
  if (!upload_pack_) co_return;
  auto written = co_await upload_pack_->write("0000");
  ignore(written, "it may have ended");
  upload_pack_->close_input();
  co_await upload_pack_->wait();
  upload_pack_.reset();
}

}  // namespace primocane
