// SPDX-License-Identifier: Apache-2.0
// How ssh is called, and what its words mean.
#include "source/ssh_command.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

namespace primocane {

namespace {

GitSettings settings_with(std::string key, std::string known_hosts) {
  GitSettings settings;
  settings.authentication.ssh_key = std::move(key);
  settings.authentication.ssh_known_hosts = std::move(known_hosts);
  return settings;
}

std::vector<std::string> arguments_for(std::string_view url) {
  return ssh_arguments(GitUrl::parse(url).value(), settings_with("/k", "/h")).value();
}

bool has_option(const std::vector<std::string>& arguments, std::string_view option) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i - 1] == "-o" && arguments[i] == option) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("ssh asks nobody, trusts no unknown host and offers no other key") {
  const auto arguments = arguments_for("ssh://git@example.org:2222/srv/a.git");
  CHECK(arguments.front() == "ssh");
  for (const char* option :
       {"BatchMode=yes", "StrictHostKeyChecking=yes", "UserKnownHostsFile=\"/h\"",
        "GlobalKnownHostsFile=/dev/null", "IdentityFile=\"/k\"", "IdentitiesOnly=yes",
        "SetEnv=GIT_PROTOCOL=version=2", "ConnectTimeout=15"}) {
    INFO(option);
    CHECK(has_option(arguments, option));
  }
  CHECK(std::vector<std::string>(arguments.end() - 5, arguments.end()) ==
        std::vector<std::string>{"-p", "2222", "--", "git@example.org",
                                 "git-upload-pack '/srv/a.git'"});
}

TEST_CASE("paths are quoted for the shell at the other end as git does it") {
  CHECK(arguments_for("nas:it's!").back() == "git-upload-pack 'it'\\''s'\\!''");
  CHECK(arguments_for("ssh://nas/~me/a").back() == "git-upload-pack '~me/a'");
  CHECK(arguments_for("nas:$(reboot);`x`").back() == "git-upload-pack '$(reboot);`x`'");
}

TEST_CASE("without a key of our own ssh chooses") {
  const auto arguments =
      ssh_arguments(GitUrl::parse("nas:a").value(), settings_with("", "/h")).value();
  CHECK_FALSE(has_option(arguments, "IdentitiesOnly=yes"));
}

TEST_CASE("a path that ssh would read as something else is refused or escaped") {
  const GitUrl url = GitUrl::parse("nas:a").value();
  const auto arguments = ssh_arguments(url, settings_with("/a b/100%", "/h"));
  REQUIRE(arguments.has_value());
  CHECK(has_option(*arguments, "IdentityFile=\"/a b/100%%\""));
  for (const char* path : {"~/key", "key", "/a\"b", "/${HOME}/k", "/a\nb"}) {
    INFO(path);
    CHECK(ssh_arguments(url, settings_with(path, "/h")).error().kind == ErrorKind::invalid);
    CHECK(ssh_arguments(url, settings_with("/k", path)).error().kind == ErrorKind::invalid);
  }
  CHECK(ssh_arguments(url, settings_with("/k", "")).error().kind == ErrorKind::invalid);
}

TEST_CASE("ssh's words decide what to do next") {
  CHECK(ssh_error(255, "Host key verification failed.\n").kind == ErrorKind::denied);
  CHECK(ssh_error(255, "git@x: Permission denied (publickey).").kind == ErrorKind::denied);
  CHECK(ssh_error(128, "fatal: '/x' does not appear to be a git repository").kind ==
        ErrorKind::denied);
  CHECK(ssh_error(1, "ERROR: Repository not found.").kind == ErrorKind::denied);
  CHECK(ssh_error(255, "ssh: Could not resolve hostname x: Name or service not known").kind ==
        ErrorKind::unavailable);
  CHECK(ssh_error(255, "connect to host x port 22: Connection refused").kind ==
        ErrorKind::unavailable);
  CHECK(ssh_error(0, "").kind == ErrorKind::unavailable);
}

}  // namespace primocane
