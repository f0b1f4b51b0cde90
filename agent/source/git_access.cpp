// SPDX-License-Identifier: Apache-2.0
#include "source/git_access.hpp"

#include "base/base64.hpp"
#include "base/trimmed.hpp"
#include "source/oci_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// What is typed into a file or a Secret ends in a newline more often than not.
std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

Result<std::string> read_secret(const ReadFile& read_file, const std::string& path) {
  std::string text = without_line_end(TRY(read_file(path, Secrecy::secret)));
  if (text.empty()) return fail(ErrorKind::denied, fmt::format("{} is empty", path));
  return text;
}

// A login travels in a header; no line of it may become another one.
Result<std::string> header_value(const SecretData& secret, std::string_view key) {
  std::string value = without_line_end(text_in(secret, key));
  if (std::ranges::any_of(value, [](unsigned char c) { return c < ' ' || c == 0x7f; })) {
    return fail(ErrorKind::invalid,
                fmt::format("the Secret's {} has line ends or control characters in it", key));
  }
  return value;
}

Result<void> add_login(const SecretData& secret, GitAccess& access) {
  if (secret.contains("bearerToken")) {
    access.bearer_token = TRY(header_value(secret, "bearerToken"));
    return {};
  }
  access.username = TRY(header_value(secret, "username"));
  access.password = TRY(header_value(secret, "password"));
  if (access.username.empty() && !access.password.empty()) {
    return fail(ErrorKind::invalid, "the Secret has a password but no username");
  }
  return {};
}

Result<void> add_tls(const SecretData& secret, const std::string& system_authorities,
                     TlsSettings& tls) {
  tls.ca_pem = text_in(secret, "ca.crt", "caFile");
  tls = with_system_authorities(std::move(tls), system_authorities);
  tls.certificate_pem = text_in(secret, "tls.crt");
  tls.key_pem = text_in(secret, "tls.key");
  if (tls.certificate_pem.empty() != tls.key_pem.empty()) {
    return fail(ErrorKind::invalid,
                "the Secret has one of tls.crt and tls.key: expected both, or none");
  }
  return {};
}

// Whether a private key wants a passphrase: OpenSSH's own form (PROTOCOL.key) names the cipher
// behind its magic, the older ones say so in clear (RFC 1421, RFC 5208).
bool is_encrypted(std::string_view identity) {
  constexpr std::string_view begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
  constexpr std::string_view magic("openssh-key-v1\0\0\0\0\4none", 23);
  const std::size_t at = identity.find(begin);
  if (at == std::string_view::npos) return identity.contains("ENCRYPTED");
  std::string_view body = identity.substr(at + begin.size());
  body = trimmed(body.substr(0, body.find("-----")));
  const Result<std::string> key = from_base64(body);
  return key && !key->starts_with(magic);
}

Result<void> add_ssh(const SecretData* secret, GitAccess& access) {
  if (secret != nullptr) {
    access.ssh_identity = text_in(*secret, "identity");
    access.ssh_known_hosts = text_in(*secret, "known_hosts");
  }
  if (access.ssh_identity.empty() || access.ssh_known_hosts.empty()) {
    return fail(ErrorKind::invalid,
                "SSH needs spec.secretRef to name a Secret with identity (a private key) and "
                "known_hosts");
  }
  if (is_encrypted(access.ssh_identity)) {
    return fail(ErrorKind::invalid,
                "the Secret's identity is protected by a passphrase, which is not supported: store "
                "the key without one (ssh-keygen -p)");
  }
  // ssh reads nothing behind the last line end.
  if (!access.ssh_identity.ends_with('\n')) access.ssh_identity += '\n';
  return {};
}

Result<void> add_proxy(const GitUrl& url, const SecretData& secret, GitAccess& access) {
  if (url.scheme() == GitScheme::ssh) {
    return fail(ErrorKind::invalid,
                "spec.proxySecretRef is for https:// and http://: a proxy for SSH is configured by "
                "ProxyCommand or ProxyJump in ssh's own configuration");
  }
  Result<std::string> proxy = proxy_of_secret(secret);
  if (!proxy) return std::unexpected(with_context("spec.proxySecretRef", proxy.error()));
  access.proxy = std::move(*proxy);
  return {};
}

}  // namespace

Result<GitAccess> read_git_access(const GitSettings& settings, const ReadFile& read_file) {
  const GitAuthentication& files = settings.authentication;
  GitAccess access;
  if (!settings.ca_file.empty())
    access.tls.ca_pem = TRY(read_file(settings.ca_file, Secrecy::open));
  if (!files.client_certificate.empty()) {
    access.tls.certificate_pem = TRY(read_file(files.client_certificate, Secrecy::open));
    access.tls.key_pem = TRY(read_file(files.client_key, Secrecy::secret));
  }
  if (!files.token_file.empty()) {
    access.bearer_token = TRY(read_secret(read_file, files.token_file));
  } else if (!files.password_file.empty()) {
    access.username = files.username;
    access.password = TRY(read_secret(read_file, files.password_file));
  }
  access.proxy = settings.proxy;
  return access;
}

Result<GitAccess> git_access(const GitUrl& url, const SecretData* login, const SecretData* proxy,
                             const std::string& system_authorities) {
  GitAccess access;
  if (login != nullptr && login->contains("githubAppID")) {
    return fail(ErrorKind::invalid,
                "spec.secretRef: the Secret is of a GitHub App, which is not supported: store "
                "username and password (a token) instead");
  }
  if (url.scheme() == GitScheme::ssh) {
    TRY(add_ssh(login, access));
  } else if (login != nullptr) {
    Result<void> added = add_login(*login, access);
    if (added) added = add_tls(*login, system_authorities, access.tls);
    if (!added) return std::unexpected(with_context("spec.secretRef", added.error()));
  }
  if (proxy != nullptr) TRY(add_proxy(url, *proxy, access));
  return access;
}

}  // namespace primocane
