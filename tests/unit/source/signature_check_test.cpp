// SPDX-License-Identifier: Apache-2.0
// Commits and tags that git itself signs, checked by the system's programs.
#include "source/signature_check.hpp"

#include "base/base64.hpp"
#include "base/durable_file.hpp"
#include "git_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {

namespace {

// Somebody with a key of each kind.
class Signer {
 public:
  Signer(GitWorld& world, std::string_view name)
      : world_(world), folder_(world.folder() / std::string(name)) {
    world_.remote().git(fmt::format(
        "version && mkdir -m 700 {0} {0}/gpg && ssh-keygen -q -t ed25519 -N '' -f {0}/ssh && "
        "gpg --homedir {0}/gpg -q --batch --passphrase '' --quick-gen-key {1}@example.org ed25519 "
        "sign never 2>&1",
        folder_, name));
  }
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer() {
    world_.remote().git(fmt::format("version && gpgconf --homedir {}/gpg --kill all", folder_));
  }

  [[nodiscard]] std::string pgp_keys() const {
    return unarmored_keys(printed(fmt::format("gpg --homedir {}/gpg --armor --export", folder_)))
        .value();
  }
  [[nodiscard]] std::string ssh_keys() const {
    return allowed_signers_of(printed(fmt::format("cat {}/ssh.pub", folder_))).value();
  }
  /// How git signs by OpenPGP, and by SSH.
  [[nodiscard]] std::string by_pgp() const {
    return fmt::format("-c gpg.program={0}/sign -c user.signingkey=key", folder_);
  }
  [[nodiscard]] std::string by_ssh() const {
    return fmt::format("-c gpg.format=ssh -c user.signingkey={}/ssh", folder_);
  }
  /// git finds the key by what this runs.
  void prepare() const {
    const std::string script =
        fmt::format("#!/bin/sh\nexec gpg --homedir {}/gpg --batch --status-fd=2 -bsa\n", folder_);
    REQUIRE(replace_file(folder_ + "/sign", script, Durability::lazy, 0700).has_value());
  }

 private:
  [[nodiscard]] std::string printed(const std::string& command) const {
    return world_.remote().git("version >/dev/null && " + command);
  }

  GitWorld& world_;
  std::string folder_;
};

struct SigningWorld {
  GitWorld git;
  Signer friendly{git, "friend"};
  Signer stranger{git, "stranger"};

  SigningWorld() {
    friendly.prepare();
    stranger.prepare();
  }

  /// A new commit of main, signed by `options`, or not at all.
  CommitId commit(const std::string& options) {
    const CommitId plain = git.commit(fmt::format("{}", ++count_));
    if (options.empty()) return plain;
    const std::string made = git.remote().git(identity + options + " commit-tree -S -m signed " +
                                              plain.str() + "^{tree}");
    const CommitId id = CommitId::parse(made.substr(0, 40)).value();
    git.remote().git("update-ref refs/heads/main " + id.str());
    return id;
  }
  void tag(const std::string& options) {
    git.remote().git(identity + options + " tag -f -m One v1 main");
  }
  void require(bool commit, bool tag) {
    GitVerification verification;
    verification.checks_commit = commit;
    verification.checks_tag = tag;
    verification.pgp_keyring = friendly.pgp_keys();
    verification.allowed_signers = friendly.ssh_keys();
    git.repository().require_signatures(std::move(verification), git.folder() / "keys");
  }
  std::string refusal() {
    const auto updated = git.update();
    if (updated) return "taken";
    CHECK(updated.error().kind == ErrorKind::denied);
    return updated.error().message;
  }

 private:
  static inline const std::string identity = "-c user.name=T -c user.email=t@example.org ";
  int count_ = 0;
};

}  // namespace

TEST_CASE("a commit is taken when it is signed by one of the keys", "[native]") {
  SigningWorld world;
  world.require(true, false);
  for (const std::string& options : {world.friendly.by_pgp(), world.friendly.by_ssh()}) {
    const CommitId commit = world.commit(options);
    CHECK(world.refusal() == "taken");
    CHECK(world.git.on_disk() == commit);
  }
}

TEST_CASE("a commit that is not signed, or by somebody else, is not taken", "[native]") {
  SigningWorld world;
  const CommitId good = world.commit(world.friendly.by_ssh());
  world.require(true, false);
  REQUIRE(world.refusal() == "taken");
  for (const std::string& options :
       {std::string(), world.stranger.by_pgp(), world.stranger.by_ssh()}) {
    const CommitId commit = world.commit(options);
    CHECK(world.refusal().contains("the signature of commit " + commit.str()));
    // Asked again, it says the same, without fetching.
    CHECK(world.refusal().contains("the signature of commit " + commit.str()));
    CHECK(world.git.on_disk() == good);
    CHECK(world.git.read(good) == "1");
  }
  const CommitId next = world.commit(world.friendly.by_pgp());
  CHECK(world.refusal() == "taken");
  CHECK(world.git.on_disk() == next);
}

TEST_CASE("what is here already is checked when signatures are asked for", "[native]") {
  SigningWorld world;
  const CommitId commit = world.commit("");
  REQUIRE(world.refusal() == "taken");
  world.require(true, false);
  CHECK(world.refusal().contains("it is not signed"));
  CHECK(world.git.on_disk() == commit);
}

TEST_CASE("a tag is taken when it is signed itself, and looked at again when it is made anew",
          "[native]") {
  SigningWorld world;
  world.git.settings.reference.tag = "v1";
  world.git.start();
  const CommitId commit = world.commit("");
  world.tag("-c tag.gpgSign=true " + world.friendly.by_ssh());
  world.require(false, true);
  CHECK(world.refusal() == "taken");
  CHECK(world.git.on_disk() == commit);
  world.tag("-c tag.gpgSign=true " + world.stranger.by_pgp());
  CHECK(world.refusal().contains("the signature of tag "));
  world.tag("-c tag.gpgSign=true " + world.friendly.by_pgp());
  CHECK(world.refusal() == "taken");
  world.require(true, true);
  CHECK(world.refusal().contains("the signature of commit "));
}

TEST_CASE("without an annotated tag there is none whose signature could be right", "[native]") {
  SigningWorld world;
  world.commit(world.friendly.by_ssh());
  world.require(false, true);
  CHECK(world.refusal().contains("no annotated tag is followed"));
}

TEST_CASE("gpgv has found a signature good only if it says so") {
  const auto verdict = [](std::string_view status, int code) {
    return judge_gpgv({.code = code, .signal = 0}, status).has_value();
  };
  CHECK(verdict("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 0123 a\n[GNUPG:] VALIDSIG 01\n", 0));
  CHECK_FALSE(verdict("[GNUPG:] GOODSIG 0123 a\n", 2));
  CHECK_FALSE(verdict("", 0));
  CHECK_FALSE(verdict("GOODSIG 0123 a\n", 0));
  for (const std::string word : {"BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"}) {
    const auto judged = judge_gpgv({}, "[GNUPG:] GOODSIG 0123 a\n[GNUPG:] " + word + " 4567 b\n");
    CHECK(judged.error().kind == ErrorKind::denied);
    CHECK(judged.error().message.contains("4567"));
  }
}

TEST_CASE("a file of keys is of the one kind or the other") {
  const std::string block =
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nYWJj\n-----END PGP PUBLIC KEY BLOCK-----\n";
  const GitVerification by_pgp = verification_by(block).value();
  CHECK(by_pgp.pgp_keyring == "abc");
  CHECK(by_pgp.allowed_signers.empty());
  const GitVerification by_ssh = verification_by("ssh-ed25519 YWJj me\n").value();
  CHECK(by_ssh.pgp_keyring.empty());
  CHECK_FALSE(by_ssh.allowed_signers.empty());
  CHECK(by_ssh.checks_commit);
  CHECK_FALSE(by_ssh.checks_tag);
  for (const std::string_view none : {"", "# only a comment\n", "no key\n"}) {
    CHECK(verification_by(none).error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("keys are read as their programs want them, and what is none is named") {
  const std::string begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
  const std::string end = "-----END PGP PUBLIC KEY BLOCK-----\n";
  CHECK(unarmored_keys("x\n" + begin + "Comment: c\n\r\nYWJj\r\nZGVm\n=abcd\n" + end).value() ==
        "abcdef");
  for (const std::string& none :
       {std::string("YWJj"), begin, begin + "\n" + end, begin + "\n?\n" + end}) {
    CHECK(unarmored_keys(none).error().kind == ErrorKind::invalid);
  }
  CHECK(allowed_signers_of("# c\n\nssh-ed25519 YWJj me\n").value() ==
        "primocane namespaces=\"git\" ssh-ed25519 YWJj\n");
  for (const std::string_view none :
       {"YWJj", "ssh-ed25519", "ssh-ed25519 ?", "cert-authority ssh-ed25519 YWJj"}) {
    CHECK(allowed_signers_of(none).error().message.contains("line 1 "));
  }
}

}  // namespace primocane
