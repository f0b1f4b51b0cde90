// SPDX-License-Identifier: Apache-2.0
#include "reconcile/git_source_settings.hpp"

#include "source/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

CredentialNames names_of_flux() {
  return {.all = "spec.secretRef",
          .ssh_key = "the identity of spec.secretRef",
          .ssh_known_hosts = "the known_hosts of spec.secretRef",
          .proxy = "spec.proxySecretRef"};
}

// GitUrl speaks of the key of the configuration.
Result<GitUrl> url_of(const std::string& text) {
  Result<GitUrl> url = GitUrl::parse(text);
  if (url) return url;
  constexpr std::string_view key = "git.url";
  Error error = std::move(url).error();
  if (error.message.starts_with(key)) error.message.replace(0, key.size(), "spec.url");
  constexpr std::string_view credentials = "spec.url holds credentials";
  if (error.message.starts_with(credentials)) {
    error.message = "spec.url holds credentials: put them into the Secret of spec.secretRef";
  }
  return std::unexpected(std::move(error));
}

const SecretData* pointer_to(const std::optional<SecretData>& secret) {
  return secret ? &*secret : nullptr;
}

// Keys for SSH are *.sshpub; Flux takes all others for OpenPGP's, whatever their names
// (source-controller, gitrepository_controller.go, verifySignature).
Result<GitVerification> verification_of(const GitRepositorySpec::Verification& wanted,
                                        const SecretData& keys) {
  constexpr std::string_view field = "the Secret of spec.verify.secretRef";
  GitVerification verification;
  verification.checks_commit = wanted.mode != SignedObject::tag;
  verification.checks_tag = wanted.mode != SignedObject::head;
  for (const auto& [name, text] : keys) {
    const bool is_ssh = name.ends_with(".sshpub");
    const Result<std::string> read = is_ssh ? allowed_signers_of(text) : unarmored_keys(text);
    if (!read)
      return std::unexpected(with_context(fmt::format("{}: {}", field, name), read.error()));
    (is_ssh ? verification.allowed_signers : verification.pgp_keyring) += *read;
  }
  if (verification.pgp_keyring.empty() && verification.allowed_signers.empty()) {
    return fail(ErrorKind::invalid, fmt::format("{} has no key: expected entries *.asc (OpenPGP) "
                                                "or *.sshpub (SSH)",
                                                field));
  }
  return verification;
}

}  // namespace

Result<GitSource> git_source_of(const GitRepositorySpec& spec, const GitSecrets& secrets,
                                const GitSettings& limits) {
  const GitUrl url = TRY(url_of(spec.url));
  GitSource source{.settings = limits, .access = {}, .verification = {}};
  source.access = TRY(git_access(url, pointer_to(secrets.login), pointer_to(secrets.proxy),
                                 secrets.system_authorities));
  GitSettings& settings = source.settings;
  settings.url = url.str();
  settings.branch = {};
  settings.reference = {.branch = spec.reference.branch,
                        .tag = spec.reference.tag,
                        .semver = spec.reference.semver,
                        .name = spec.reference.name,
                        .commit = spec.reference.commit};
  if (const Result<void> checked = check_reference(settings.reference); !checked) {
    return std::unexpected(with_context("spec", checked.error()));
  }
  if (spec.verification) {
    source.verification =
        TRY(verification_of(*spec.verification, secrets.keys.value_or(SecretData())));
  }
  settings.authentication = {};
  settings.credential_names = names_of_flux();
  settings.ca_file = {};
  settings.proxy = {};
  const auto timeout = std::chrono::ceil<std::chrono::seconds>(spec.timeout);
  settings.fetch_timeout = std::max(timeout, std::chrono::seconds(1));
  return source;
}

}  // namespace primocane
