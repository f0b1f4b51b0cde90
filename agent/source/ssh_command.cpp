// SPDX-License-Identifier: Apache-2.0
#include "source/ssh_command.hpp"

#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace primocane {

namespace {

constexpr int ssh_failed = 255;

// A path as the value of an option: "%" begins a token and "${" a variable there, and white space
// separates files (ssh_config(5)).
Result<std::string> option_path(std::string_view name, const std::string& path) {
  const bool is_odd = !path.starts_with('/') || path.find('"') != std::string::npos ||
                      path.find("${") != std::string::npos ||
                      std::ranges::any_of(path, [](char c) { return c >= '\0' && c < ' '; });
  if (is_odd) {
    return fail(ErrorKind::invalid,
                fmt::format("{} must be an absolute path without quotes, control characters and "
                            "\"${{\"",
                            name));
  }
  std::string value = "\"";
  for (const char c : path) {
    value += c;
    if (c == '%') value += c;
  }
  return value + "\"";
}

// A word for the shell at the other end, quoted as git itself does it (quote.c, sq_quote_buf).
std::string shell_quoted(std::string_view word) {
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'' || c == '!') {
      quoted += "'\\";
      quoted += c;
      quoted += '\'';
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// In a URL, "/~user/x" means a path below a home folder (git-clone(1), "GIT URLS").
std::string_view remote_path(const GitUrl& url) {
  const std::string_view path = url.path();
  return path.starts_with("/~") ? path.substr(1) : path;
}

bool mentions_any(std::string_view words, std::initializer_list<std::string_view> phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    return words.find(phrase) != std::string_view::npos;
  });
}

}  // namespace

Result<std::vector<std::string>> ssh_arguments(const GitUrl& url, const GitSettings& settings) {
  const GitAuthentication& authentication = settings.authentication;
  const std::string known_hosts =
      TRY(option_path(settings.credential_names.ssh_known_hosts, authentication.ssh_known_hosts));
  std::vector<std::string> options = {
      "BatchMode=yes",
      "StrictHostKeyChecking=yes",
      "UserKnownHostsFile=" + known_hosts,
      "GlobalKnownHostsFile=/dev/null",
      "UpdateHostKeys=no",
      "ClearAllForwardings=yes",
      "SetEnv=GIT_PROTOCOL=version=2",
      fmt::format("ConnectTimeout={}", settings.connect_timeout.count())};
  if (!authentication.ssh_key.empty()) {
    options.push_back("IdentityFile=" +
                      TRY(option_path(settings.credential_names.ssh_key, authentication.ssh_key)));
    options.emplace_back("IdentitiesOnly=yes");
  }
  std::vector<std::string> arguments = {"ssh", "-T"};
  for (std::string& option : options) {
    arguments.emplace_back("-o");
    arguments.push_back(std::move(option));
  }
  if (url.port() != 0) {
    arguments.emplace_back("-p");
    arguments.push_back(fmt::format("{}", url.port()));
  }
  arguments.emplace_back("--");
  arguments.push_back(url.user().empty() ? url.host()
                                         : fmt::format("{}@{}", url.user(), url.host()));
  arguments.push_back("git-upload-pack " + shell_quoted(remote_path(url)));
  return arguments;
}

Error ssh_error(int exit_code, std::string_view words, const CredentialNames& names) {
  const std::string text = printable(words);
  const std::string shown = text.empty() ? std::string("without a word") : text;
  if (mentions_any(words, {"Host key verification failed", "REMOTE HOST IDENTIFICATION"})) {
    return {ErrorKind::denied, fmt::format("the SSH server's host key is not the one in {}: {}",
                                           names.ssh_known_hosts, shown)};
  }
  if (mentions_any(words, {"Permission denied", "Too many authentication failures"})) {
    return {ErrorKind::denied,
            fmt::format("the SSH server does not accept {}: {}", names.ssh_key, shown)};
  }
  if (mentions_any(words, {"not appear to be a git repository", "not found", "not be found",
                           "access denied", "Access denied"}) &&
      exit_code != ssh_failed) {
    return {ErrorKind::denied, "the SSH server does not serve the repository: " + shown};
  }
  return {ErrorKind::unavailable, fmt::format("ssh ended with code {}: {}", exit_code, shown)};
}

}  // namespace primocane
