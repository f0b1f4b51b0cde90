// SPDX-License-Identifier: Apache-2.0
// GitUrl: where a remote repository is, checked once so that neither ssh nor a log can be fooled.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

enum class GitScheme : std::uint8_t { https, http, ssh };

/// A URL that Git knows: https://host[:port]/path, http://..., ssh://[user@]host[:port]/path, or
/// [user@]host:path as scp writes it. It holds no password, and nothing in it can be taken for an
/// option of ssh.
class GitUrl {
 public:
  /// `invalid` for anything else. URLs with credentials inside are refused, and the message does
  /// not repeat them.
  [[nodiscard]] static Result<GitUrl> parse(std::string_view text);

  [[nodiscard]] GitScheme scheme() const { return scheme_; }
  /// For ssh; "" where ssh is to choose.
  [[nodiscard]] const std::string& user() const { return user_; }
  /// A name, an IPv4 address, or an IPv6 address without brackets.
  [[nodiscard]] const std::string& host() const { return host_; }
  /// 0 for the scheme's own.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// What the server is asked for: with its leading "/" for URLs, as it stands for the scp form.
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The URL as it was configured, without trailing slashes. Fit for messages.
  [[nodiscard]] const std::string& str() const { return text_; }
  /// Whether everybody on the way can read and change what is sent: http.
  [[nodiscard]] bool is_insecure() const { return scheme_ == GitScheme::http; }
  /// Whether `other` has the same host and port and is not less secure: where a redirect may lead.
  [[nodiscard]] bool may_redirect_to(const GitUrl& other) const;

  bool operator==(const GitUrl&) const = default;

 private:
  GitUrl() = default;
  [[nodiscard]] static Result<GitUrl> parse_url(GitScheme scheme, std::string_view text,
                                                std::string_view rest);
  [[nodiscard]] static Result<GitUrl> parse_scp(std::string_view text);
  [[nodiscard]] Result<void> set_host_and_port(std::string_view authority);

  GitScheme scheme_ = GitScheme::https;
  std::string user_;
  std::string host_;
  std::uint16_t port_ = 0;
  std::string path_;
  std::string text_;
};

}  // namespace primocane
