// SPDX-License-Identifier: Apache-2.0
// What Secrets say about a repository, and that its keys lie nowhere but where an ssh reads them.
#include "source/git_access.hpp"

#include "git_world.hpp"
#include "source/git_repository.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace primocane {

namespace {

const GitUrl https = GitUrl::parse("https://example.org/a").value();
const GitUrl ssh = GitUrl::parse("ssh://example.org/a").value();

Result<GitAccess> access_of(const GitUrl& url, const SecretData& secret) {
  return git_access(url, &secret, nullptr, "system");
}

std::string refusal_of(const GitUrl& url, const SecretData& secret) {
  const auto access = access_of(url, secret);
  REQUIRE_FALSE(access.has_value());
  CHECK(access.error().kind == ErrorKind::invalid);
  CHECK_FALSE(access.error().message.contains("s3cret"));
  return access.error().message;
}

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Puts a program called ssh before all others while it lives.
class ScriptedSsh {
 public:
  ScriptedSsh(const std::string& folder, const std::string& script) : before_(std::getenv("PATH")) {
    std::filesystem::create_directory(folder);
    std::ofstream(folder + "/ssh") << "#!/bin/sh\n" << script;
    std::filesystem::permissions(folder + "/ssh", std::filesystem::perms::owner_all);
    ::setenv("PATH", (folder + ":" + before_).c_str(), 1);
  }
  ScriptedSsh(const ScriptedSsh&) = delete;
  ScriptedSsh& operator=(const ScriptedSsh&) = delete;
  ~ScriptedSsh() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("a Secret has a login or a token, and certificates") {
  const auto basic =
      access_of(https, {{"username", "u"}, {"password", "s3cret\n"}, {"caFile", "old"}});
  REQUIRE(basic.has_value());
  CHECK(basic->username == "u");
  CHECK(basic->password == "s3cret");
  CHECK(basic->tls.ca_pem == "old\nsystem");
  const auto token = access_of(https, {{"username", "u"},
                                       {"bearerToken", "s3cret"},
                                       {"ca.crt", "new"},
                                       {"caFile", "old"},
                                       {"tls.crt", "c"},
                                       {"tls.key", "k"}});
  REQUIRE(token.has_value());
  CHECK(token->bearer_token == "s3cret");
  CHECK(token->username.empty());
  CHECK(token->tls.ca_pem == "new\nsystem");
  CHECK(token->tls.certificate_pem == "c");
  CHECK(token->tls.key_pem == "k");
  const auto nothing = git_access(https, nullptr, nullptr, "system");
  REQUIRE(nothing.has_value());
  CHECK(nothing.value() == GitAccess());
}

TEST_CASE("a Secret that can't be used is refused by its keys' names alone") {
  CHECK(refusal_of(https, {{"password", "s3cret"}}).contains("no username"));
  CHECK(refusal_of(https, {{"tls.crt", "s3cret"}}).contains("tls.key"));
  CHECK(refusal_of(https, {{"bearerToken", "s3cret\r\nX-Evil: 1"}}).contains("bearerToken"));
  CHECK(refusal_of(https, {{"githubAppID", "s3cret"}}).contains("GitHub App"));
  CHECK(refusal_of(ssh, {{"identity", "s3cret"}}).contains("known_hosts"));
  CHECK(refusal_of(ssh, {}).contains("spec.secretRef"));
  CHECK(git_access(ssh, nullptr, nullptr, "").error().message.contains("spec.secretRef"));
}

TEST_CASE("a proxy is named by its own Secret") {
  const SecretData proxy{{"address", "socks5://proxy:1080"}, {"username", "u"}, {"password", "@"}};
  CHECK(git_access(https, nullptr, &proxy, "").value().proxy == "socks5://u:%40@proxy:1080");
  const SecretData empty;
  CHECK(git_access(https, nullptr, &empty, "").error().message.starts_with("spec.proxySecretRef"));
  const SecretData keys{{"identity", "i"}, {"known_hosts", "h"}};
  CHECK(git_access(ssh, &keys, &proxy, "").error().kind == ErrorKind::invalid);
}

TEST_CASE("a private key that wants a passphrase is told from one that does not", "[native]") {
  TemporaryFolder folder;
  for (const std::string form : {"-t ed25519", "-t rsa -m PEM", "-t rsa -m PKCS8"}) {
    for (const std::string passphrase : {"", "s3cret"}) {
      const std::string path = folder / "key";
      std::filesystem::remove(path);
      const std::string command =
          fmt::format("ssh-keygen -q {} -N '{}' -f {} </dev/null", form, passphrase, path);
      REQUIRE(std::system(command.c_str()) == 0);
      CAPTURE(command);
      const auto access =
          access_of(ssh, {{"identity", content_of(path)}, {"known_hosts", "example.org ..."}});
      CHECK(access.has_value() == passphrase.empty());
      if (!access) CHECK(access.error().message.contains("passphrase"));
    }
  }
}

TEST_CASE("keys of a Secret lie in files of their own while an ssh runs, and no longer",
          "[native]") {
  GitWorld world;
  const CommitId commit = world.commit("one");
  const std::string seen = world.folder() / "seen";
  const std::string keys = world.folder() / "keys";
  const ScriptedSsh fake(world.folder() / "bin",
                         fmt::format("{{ echo \"$@\"; cd {}/*; stat -c '%a %n' . *; cat *; }} >{}\n"
                                     "exec git-upload-pack {}\n",
                                     keys, seen, world.remote().path()));
  GitSettings settings = world.settings;
  settings.url = "ssh://example.org:2222/a";
  GitAccess access;
  access.ssh_identity = "the key";
  access.ssh_known_hosts = "the hosts";
  auto repository = make_git_repository(settings, access, world.mirror_folder(), keys, world.loop(),
                                        world.children());
  REQUIRE(repository.has_value());

  const auto updated =
      run_until_done(world.loop(), (*repository)->update(std::nullopt, Rewrite::refuse));

  REQUIRE(updated.has_value());
  CHECK(updated->commit == commit);
  const std::string report = content_of(seen);
  CHECK(report.contains("-- git@example.org git-upload-pack"));
  CHECK(report.contains("700 .\n600 identity\n600 known_hosts\nthe keythe hosts"));
  CHECK(std::filesystem::is_empty(keys));
}

}  // namespace primocane
