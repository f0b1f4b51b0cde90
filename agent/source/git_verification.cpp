// SPDX-License-Identifier: Apache-2.0
#include "source/git_verification.hpp"

#include "base/base64.hpp"
#include "base/take_until.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace primocane {

namespace {

constexpr std::string_view key_block_begin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
constexpr std::string_view key_block_end = "-----END PGP PUBLIC KEY BLOCK-----";

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  const std::size_t end = text.find_last_not_of(blanks);
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

bool is_key_type(std::string_view word) {
  const bool is_known =
      word.starts_with("ssh-") || word.starts_with("ecdsa-") || word.starts_with("sk-");
  return is_known && std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '@' ||
                  c == '.';
         });
}

}  // namespace

Result<std::string> unarmored_keys(std::string_view armored) {
  const auto no_keys = fail(ErrorKind::invalid, "expected an armored block of OpenPGP public keys");
  const std::size_t begin = armored.find(key_block_begin);
  if (begin == std::string_view::npos) return no_keys;
  std::string_view rest = armored.substr(begin);
  take_until(rest, '\n');
  // Headers, then an empty line.
  while (!rest.empty() && !without_blanks(take_until(rest, '\n')).empty()) {
  }
  std::string body;
  while (!rest.empty()) {
    const std::string_view line = without_blanks(take_until(rest, '\n'));
    if (line == key_block_end) break;
    // The checksum says nothing that the signatures in the keys do not.
    if (!line.starts_with('=')) body += line;
  }
  Result<std::string> keys = from_base64(body);
  if (!keys || keys->empty()) return no_keys;
  return keys;
}

Result<std::string> allowed_signers_of(std::string_view keys) {
  std::string signers;
  std::size_t number = 0;
  while (!keys.empty()) {
    ++number;
    std::string_view line = without_blanks(take_until(keys, '\n'));
    if (line.empty() || line.starts_with('#')) continue;
    const std::string_view type = take_until(line, ' ');
    const std::string_view blob = take_until(line, ' ');
    const Result<std::string> key = from_base64(blob);
    if (!is_key_type(type) || !key || key->empty()) {
      return fail(ErrorKind::invalid,
                  fmt::format("line {} is no SSH public key: expected one such as ssh-ed25519 "
                              "AAAA..., without options",
                              number));
    }
    signers += fmt::format("{} namespaces=\"git\" {} {}\n", ssh_principal, type, to_base64(*key));
  }
  return signers;
}

Result<GitVerification> verification_by(std::string_view text) {
  GitVerification verification;
  if (text.find(key_block_begin) != std::string_view::npos) {
    verification.pgp_keyring = TRY(unarmored_keys(text));
    return verification;
  }
  verification.allowed_signers = TRY(allowed_signers_of(text));
  if (!verification.allowed_signers.empty()) return verification;
  return fail(ErrorKind::invalid,
              "there is no key in it: expected an armored block of OpenPGP public keys, or SSH "
              "public keys, one per line");
}

}  // namespace primocane
