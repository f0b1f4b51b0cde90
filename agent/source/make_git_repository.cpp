// SPDX-License-Identifier: Apache-2.0
// How a GitRepository and what it speaks through are put together.
#include "source/git_http.hpp"
#include "source/git_repository.hpp"
#include "source/git_ssh.hpp"
#include "source/ssh_command.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// What on disk is compared by is the URL as it is written there.
Result<GitUrl> check_git_settings(GitSettings& settings) {
  GitUrl url = TRY(GitUrl::parse(settings.url));
  settings.url = url.str();
  TRY(check_reference(followed_reference(settings)));
  return url;
}

// Flux logs in by SSH as "git" where the URL names nobody (git/options.go).
Result<GitUrl> with_ssh_user(const GitUrl& url) {
  constexpr std::string_view scheme = "ssh://";
  if (!url.user().empty() || !url.str().starts_with(scheme)) return url;
  return GitUrl::parse(fmt::format("ssh://git@{}", url.str().substr(scheme.size())));
}

}  // namespace

Result<std::unique_ptr<GitRepository>> make_git_repository(GitSettings settings,
                                                           MirrorFolder folder, EventLoop& loop,
                                                           ChildProcesses& children,
                                                           ReadFile read_file) {
  const GitUrl url = TRY(check_git_settings(settings));
  std::unique_ptr<GitTransport> transport;
  if (url.scheme() == GitScheme::ssh) {
    // Said now and not at the first poll.
    TRY(ssh_arguments(url, settings));
    transport = std::make_unique<GitSsh>(loop, children, url, settings);
  } else {
    FindGitAccess find = [settings, read_file = std::move(read_file)] {
      return read_git_access(settings, read_file);
    };
    transport = std::make_unique<GitHttp>(loop, url, settings, std::move(find));
  }
  return std::make_unique<GitRepository>(std::move(settings), std::move(folder), loop, children,
                                         std::move(transport));
}

Result<std::unique_ptr<GitRepository>> make_git_repository(GitSettings settings, GitAccess access,
                                                           MirrorFolder folder,
                                                           const std::string& key_folder,
                                                           EventLoop& loop,
                                                           ChildProcesses& children) {
  const GitUrl url = TRY(check_git_settings(settings));
  std::unique_ptr<GitTransport> transport;
  if (url.scheme() == GitScheme::ssh) {
    SshKeys keys{.identity = std::move(access.ssh_identity),
                 .known_hosts = std::move(access.ssh_known_hosts),
                 .folder = key_folder};
    GitUrl with_user = TRY(with_ssh_user(url));
    transport =
        std::make_unique<GitSsh>(loop, children, std::move(with_user), settings, std::move(keys));
  } else {
    FindGitAccess find = [access = std::move(access)]() -> Result<GitAccess> { return access; };
    transport = std::make_unique<GitHttp>(loop, url, settings, std::move(find));
  }
  return std::make_unique<GitRepository>(std::move(settings), std::move(folder), loop, children,
                                         std::move(transport));
}

}  // namespace primocane
