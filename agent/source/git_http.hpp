// SPDX-License-Identifier: Apache-2.0
// GitHttp: Git's "smart" protocol over HTTPS. Source: gitprotocol-http(5).
#pragma once

#include "base/event_loop.hpp"
#include "base/secrecy.hpp"
#include "http/http_client.hpp"
#include "source/git_settings.hpp"
#include "source/git_transport.hpp"
#include "source/git_url.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

/// Reads a small file whole, at each use. `denied` for a secret one that everybody may read.
using ReadFile = std::function<Result<std::string>(const std::string& path, Secrecy secrecy)>;

/// One request for each message. Connections are kept for the next ones. A server that moved
/// within its host is followed when it is greeted, and remembered until it refuses something there.
class GitHttp final : public GitTransport {
 public:
  /// `loop` is borrowed and outlives it.
  GitHttp(EventLoop& loop, GitUrl url, GitSettings settings, ReadFile read_file);
  ~GitHttp() override;

  [[nodiscard]] bool is_stateful() const override { return false; }
  Task<Result<std::unique_ptr<GitStream>>> greet() override;
  Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) override;
  Task<void> leave() override;

  /// Bytes of all exchanges that have ended, as HttpResponse counts them: what a poll costs.
  [[nodiscard]] std::uint64_t bytes_on_wire() const { return bytes_on_wire_; }

 private:
  class Stream;

  [[nodiscard]] Result<HttpRequest> request() const;
  [[nodiscard]] Result<void> renew_client();
  [[nodiscard]] Result<std::string> secret(const std::string& path) const;

  EventLoop& loop_;
  GitUrl configured_url_;
  GitUrl url_;  // where the server sent us
  GitSettings settings_;
  ReadFile read_file_;
  TlsSettings tls_;
  std::unique_ptr<HttpClient> client_;
  std::uint64_t bytes_on_wire_ = 0;
};

}  // namespace primocane
