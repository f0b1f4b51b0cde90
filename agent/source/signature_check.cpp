// SPDX-License-Identifier: Apache-2.0
#include "source/signature_check.hpp"

#include "base/durable_file.hpp"
#include "base/take_until.hpp"
#include "base/work_folder.hpp"
#include "source/pack_fetcher.hpp"
#include "source/pack_work.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace primocane {

namespace {

constexpr std::chrono::seconds program_time{20};
constexpr std::size_t program_output_max = 64UL * 1024;
constexpr unsigned file_mode = 0600;

struct ProgramEnd {
  ChildExit exit;
  std::string output;
  std::string words;  // on standard error
};

// What is run, and what it is given.
struct Verifier {
  std::string_view package;  // of Debian
  std::vector<std::string> arguments;
  std::string input;
};

Task<Result<ProgramEnd>> run_verifier(ChildProcesses* children, Verifier verifier) {
  ProgramSpec spec;
  spec.arguments = std::move(verifier.arguments);
  spec.wall_time = program_time;
  auto started = children->start_program(std::move(spec));
  if (!started) {
    co_return fail(ErrorKind::unavailable, fmt::format("{} (Debian's package {})",
                                                       started.error().message, verifier.package));
  }
  ChildProcess& child = **started;
  auto written = co_await child.write(std::move(verifier.input));
  ignore(written, "a program that does not read ends with a reason");
  child.close_input();
  ProgramEnd end;
  while (true) {
    auto piece = co_await child.read();
    if (!piece || piece->empty()) break;
    end.output += *piece;
    if (end.output.size() > program_output_max) {
      co_return fail(ErrorKind::unavailable, "the program that checks signatures says too much");
    }
  }
  end.exit = co_await child.wait();
  end.words = child.error_output();
  co_return std::move(end);
}

Result<Verifier> prepare_gpgv(const SignedContent& content, const GitVerification& verification,
                              const std::string& folder) {
  if (verification.pgp_keyring.empty()) {
    return fail(ErrorKind::denied,
                "it is signed by OpenPGP, and there is no OpenPGP key to check it "
                "with");
  }
  const std::string keys = folder + "/keys.gpg";
  const std::string signature = folder + "/signature";
  TRY(replace_file(keys, verification.pgp_keyring, Durability::lazy, file_mode));
  TRY(replace_file(signature, content.signature, Durability::lazy, file_mode));
  return Verifier{.package = "gpgv",
                  .arguments = {"gpgv", "--homedir", folder, "--keyring", keys, "--status-fd", "1",
                                "--", signature, "-"},
                  .input = content.payload};
}

Result<Verifier> prepare_ssh_keygen(const SignedContent& content,
                                    const GitVerification& verification,
                                    const std::string& folder) {
  if (verification.allowed_signers.empty()) {
    return fail(ErrorKind::denied, "it is signed by SSH, and there is no SSH key to check it with");
  }
  const std::string keys = folder + "/allowed_signers";
  const std::string signature = folder + "/signature";
  TRY(replace_file(keys, verification.allowed_signers, Durability::lazy, file_mode));
  TRY(replace_file(signature, content.signature, Durability::lazy, file_mode));
  return Verifier{.package = "openssh-client",
                  .arguments = {"ssh-keygen", "-Y", "verify", "-f", keys, "-I",
                                std::string(ssh_principal), "-n", "git", "-s", signature},
                  .input = content.payload};
}

// The words of ssh-keygen name the key's fingerprint.
Result<void> judge_ssh_keygen(const ProgramEnd& end) {
  if (end.exit.is_success()) return {};
  const std::string words = printable(end.output + end.words, 300);
  return fail(ErrorKind::denied, fmt::format("none of the SSH keys has made its signature: {}",
                                             words.empty() ? "no reason given" : words));
}

Task<Result<void>> check_signature(ChildProcesses* children, const GitVerification* verification,
                                   std::string parent, SignedContent content) {
  if (content.signature.empty()) co_return fail(ErrorKind::denied, "it is not signed");
  CO_TRY(const WorkFolder folder, WorkFolder::make(parent));
  if (content.signature.starts_with("-----BEGIN PGP SIGNATURE-----")) {
    CO_TRY(Verifier gpgv, prepare_gpgv(content, *verification, folder.path()));
    CO_TRY(const ProgramEnd end, co_await run_verifier(children, std::move(gpgv)));
    co_return judge_gpgv(end.exit, end.output);
  }
  if (content.signature.starts_with("-----BEGIN SSH SIGNATURE-----")) {
    CO_TRY(Verifier ssh_keygen, prepare_ssh_keygen(content, *verification, folder.path()));
    CO_TRY(const ProgramEnd end, co_await run_verifier(children, std::move(ssh_keygen)));
    co_return judge_ssh_keygen(end);
  }
  co_return fail(ErrorKind::denied, "its signature is neither OpenPGP's nor SSH's");
}

// What is signed of an object in the mirror; nothing if it is not there.
Task<Result<std::optional<SignedContent>>> read_signed(const Mirror* mirror,
                                                       ChildProcesses* children,
                                                       ReadSigned request) {
  CO_TRY(PackAnswer answer, co_await ask_in_mirror(mirror, children, PackRequest(request)));
  if (auto* content = std::get_if<SignedContent>(&answer)) co_return std::move(*content);
  if (std::holds_alternative<IncompleteCommit>(answer)) co_return std::nullopt;
  if (auto* error = std::get_if<Error>(&answer)) co_return std::unexpected(std::move(*error));
  co_return fail(ErrorKind::invalid, "the child that works on packs answers something else");
}

std::string words_of(std::string_view kind, const CommitId& id) {
  return fmt::format("the signature of {} {}", kind, id.str());
}

}  // namespace

Result<void> judge_gpgv(const ChildExit& exit, std::string_view status) {
  constexpr std::string_view prefix = "[GNUPG:] ";
  bool is_good = false;
  while (!status.empty()) {
    std::string_view line = take_until(status, '\n');
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    const std::string_view word = take_until(line, ' ');
    const std::string key = printable(take_until(line, ' '), 40);
    if (word == "GOODSIG") is_good = true;
    if (word == "EXPSIG" || word == "EXPKEYSIG" || word == "REVKEYSIG") {
      return fail(ErrorKind::denied,
                  fmt::format("the signature or its key {} has expired or was revoked", key));
    }
    if (word == "BADSIG" || word == "ERRSIG") {
      return fail(ErrorKind::denied,
                  fmt::format("it was made with the key {}: none of those that may sign, or it "
                              "does not fit",
                              key));
    }
  }
  if (is_good && exit.is_success()) return {};
  return fail(ErrorKind::denied,
              fmt::format("gpgv could not check it (it ended with code {})", exit.code));
}

Task<Result<bool>> check_signatures(const Mirror* mirror, ChildProcesses* children,
                                    const GitVerification* verification, std::string folder,
                                    SignedTip tip) {
  if (verification->checks_tag) {
    if (!tip.tag) {
      co_return fail(ErrorKind::denied,
                     "the signature of a tag is asked for, and no annotated tag is followed");
    }
    const ReadSigned request{.object = *tip.tag, .is_tag = true};
    CO_TRY(std::optional<SignedContent> tag, co_await read_signed(mirror, children, request));
    if (!tag) co_return false;
    // Who serves the refs says what a tag leads to; what was signed says it as well.
    if (!is_tag_of(tag->payload, tip.commit)) {
      co_return fail(ErrorKind::denied,
                     fmt::format("tag {} is not of commit {}", tip.tag->str(), tip.commit.str()));
    }
    auto checked = co_await check_signature(children, verification, folder, std::move(*tag));
    if (!checked) {
      co_return std::unexpected(
          with_context(words_of("tag", *tip.tag), std::move(checked).error()));
    }
  }
  if (verification->checks_commit) {
    const ReadSigned request{.object = tip.commit, .is_tag = false};
    CO_TRY(std::optional<SignedContent> commit, co_await read_signed(mirror, children, request));
    if (!commit) co_return fail(ErrorKind::unavailable, "the commit is not in the mirror");
    auto checked = co_await check_signature(children, verification, folder, std::move(*commit));
    if (!checked) {
      co_return std::unexpected(
          with_context(words_of("commit", tip.commit), std::move(checked).error()));
    }
  }
  co_return true;
}

}  // namespace primocane
