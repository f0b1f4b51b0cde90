// SPDX-License-Identifier: Apache-2.0
#include "source/git_url.hpp"

#include "base/letter_case.hpp"
#include "document/letters.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t url_length_max = 2048;
constexpr std::size_t host_length_max = 253;

bool is_name(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_letter_or_digit(c) || more.find(c) != std::string_view::npos;
  });
}

// What is left of "scheme://" when `text` begins with it; schemes ignore case (RFC 3986, 3.1).
std::optional<std::string_view> after_scheme(std::string_view text, std::string_view scheme) {
  if (text.size() < scheme.size() + 3) return std::nullopt;
  const bool is_equal = std::equal(scheme.begin(), scheme.end(), text.begin(),
                                   [](char a, char b) { return a == to_lower(b); });
  if (!is_equal || text.substr(scheme.size(), 3) != "://") return std::nullopt;
  return text.substr(scheme.size() + 3);
}

std::unexpected<Error> refuse(std::string_view reason) {
  return fail(ErrorKind::invalid, fmt::format("git.url {}", reason));
}

std::unexpected<Error> refuse_credentials() {
  return refuse(
      "holds credentials: take them out of it, and name files that hold them in "
      "git.authentication.passwordFile (with username) or tokenFile");
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    return refuse(fmt::format("has port \"{}\": expected 1 to 65535", printable(text, 20)));
  }
  return port;
}

Result<void> check_characters(std::string_view text) {
  if (text.empty()) return refuse("is empty");
  if (text.size() > url_length_max) {
    return refuse(fmt::format("is longer than {} characters", url_length_max));
  }
  if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c != '\x7f' && c != '\\'; })) {
    return refuse("holds a character that is not allowed in URLs: percent-encode it");
  }
  return {};
}

std::uint16_t default_port(GitScheme scheme) {
  switch (scheme) {
    case GitScheme::https:
      return 443;
    case GitScheme::http:
      return 80;
    case GitScheme::ssh:
      return 22;
  }
  return 0;
}

std::string_view without_trailing_slashes(std::string_view text) {
  while (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<GitUrl> GitUrl::parse(std::string_view text) {
  TRY(check_characters(text));
  text = without_trailing_slashes(text);
  if (const auto rest = after_scheme(text, "https")) {
    return parse_url(GitScheme::https, text, *rest);
  }
  if (const auto rest = after_scheme(text, "http")) return parse_url(GitScheme::http, text, *rest);
  if (const auto rest = after_scheme(text, "ssh")) return parse_url(GitScheme::ssh, text, *rest);
  if (text.find("://") != std::string_view::npos) {
    return refuse("has a scheme that is not served: expected https://, ssh:// or http://");
  }
  return parse_scp(text);
}

Result<GitUrl> GitUrl::parse_url(GitScheme scheme, std::string_view text, std::string_view rest) {
  GitUrl url;
  url.scheme_ = scheme;
  url.text_ = text;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  url.path_ = rest.substr(slash);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const bool may_have_user = scheme == GitScheme::ssh && user.find(':') == std::string_view::npos;
    if (!may_have_user) return refuse_credentials();
    if (!is_name(user, "._-+") || user.starts_with('-')) return refuse("has an odd user name");
    url.user_ = user;
    authority.remove_prefix(at + 1);
  }
  if (url.path_.find_first_of("?#") != std::string::npos) {
    return refuse("has a query or a fragment: expected only host and path");
  }
  if (url.path_.size() < 2) return refuse("names no repository: expected a path after the host");
  TRY(url.set_host_and_port(authority));
  return url;
}

Result<GitUrl> GitUrl::parse_scp(std::string_view text) {
  const bool has_brackets = text.starts_with('[') || text.find("@[") != std::string_view::npos;
  const std::size_t colon = text.find(':', has_brackets ? text.find(']') : 0);
  if (colon == std::string_view::npos || text.find('/') < colon) {
    return refuse("is no URL: expected https://host/path, ssh://host/path or host:path");
  }
  GitUrl url;
  url.scheme_ = GitScheme::ssh;
  url.text_ = text;
  url.path_ = text.substr(colon + 1);
  std::string_view authority = text.substr(0, colon);
  // "user:password@host:path" would otherwise be taken for the host "user".
  if (url.path_.find('@') < std::min(url.path_.find('/'), url.path_.find(':'))) {
    return refuse_credentials();
  }
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    if (!is_name(user, "._-+") || user.starts_with('-')) return refuse("has an odd user name");
    url.user_ = user;
    authority.remove_prefix(at + 1);
  }
  if (url.path_.empty()) return refuse("names no repository: expected a path after the host");
  TRY(url.set_host_and_port(authority));
  return url;
}

Result<void> GitUrl::set_host_and_port(std::string_view authority) {
  std::string_view host = authority;
  std::optional<std::string_view> port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    const std::string_view rest = end == std::string_view::npos ? "]" : authority.substr(end + 1);
    host = authority.substr(1, end - 1);
    if (!is_name(host, ":.") || (!rest.empty() && !rest.starts_with(':'))) {
      return refuse("has a host in brackets that is no IPv6 address");
    }
    if (!rest.empty()) port = rest.substr(1);
  } else {
    if (const std::size_t colon = host.find(':'); colon != std::string_view::npos) {
      port = host.substr(colon + 1);
      host = host.substr(0, colon);
    }
    if (!is_name(host, ".-_")) return refuse("has no host, or one with odd characters");
  }
  // ssh would take such a host for an option (CVE-2017-1000117).
  if (host.starts_with('-')) return refuse("has a host that begins with \"-\"");
  if (host.size() > host_length_max) return refuse("has a host that is too long");
  host_ = host;
  if (port) port_ = TRY(parse_port(*port));
  return {};
}

bool GitUrl::may_redirect_to(const GitUrl& other) const {
  const auto port_of = [](const GitUrl& url) {
    return url.port_ != 0 ? url.port_ : default_port(url.scheme_);
  };
  if (scheme_ == other.scheme_) return host_ == other.host_ && port_of(*this) == port_of(other);
  // From http to https of the same host is what servers do that want to be safe.
  return scheme_ == GitScheme::http && other.scheme_ == GitScheme::https && host_ == other.host_ &&
         port_of(*this) == 80 && port_of(other) == 443;
}

}  // namespace primocane
