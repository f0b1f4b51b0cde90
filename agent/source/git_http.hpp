// SPDX-License-Identifier: Apache-2.0
// GitHttp: Git's "smart" protocol over HTTPS. Source: gitprotocol-http(5).
#pragma once

#include "base/event_loop.hpp"
#include "http/http_client.hpp"
#include "source/git_access.hpp"
#include "source/git_settings.hpp"
#include "source/git_transport.hpp"
#include "source/git_url.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace primocane {

/// One request for each message. Connections are kept for the next ones. A server that moved
/// within its host is followed when it is greeted, and remembered until it refuses something there.
class GitHttp final : public GitTransport {
 public:
  /// `loop` is borrowed and outlives it. `find_access` is asked before each request.
  GitHttp(EventLoop& loop, GitUrl url, GitSettings settings, FindGitAccess find_access);
  ~GitHttp() override;

  [[nodiscard]] bool is_stateful() const override { return false; }
  Task<Result<std::unique_ptr<GitStream>>> greet() override;
  Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) override;
  Task<void> leave() override;

  /// Bytes of all exchanges that have ended, as HttpResponse counts them: what a poll costs.
  [[nodiscard]] std::uint64_t bytes_on_wire() const { return bytes_on_wire_; }

 private:
  class Stream;

  [[nodiscard]] Result<HttpRequest> request();
  void renew_client(TlsSettings tls);

  EventLoop& loop_;
  GitUrl configured_url_;
  GitUrl url_;  // where the server sent us
  GitSettings settings_;
  FindGitAccess find_access_;
  TlsSettings tls_;
  std::unique_ptr<HttpClient> client_;
  std::uint64_t bytes_on_wire_ = 0;
};

}  // namespace primocane
