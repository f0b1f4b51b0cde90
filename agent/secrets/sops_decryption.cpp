// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_decryption.hpp"

#include "document/plain_text.hpp"
#include "secrets/age_file.hpp"
#include "secrets/sops_value.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t data_key_size = 32;
constexpr std::size_t shown_keys_max = 10;
constexpr std::size_t shown_path_max = 500;

// What a MAC over encrypted values alone begins with, so that it is never one over all
// (MACOnlyEncryptedInitialization in sops.go: the SHA-256 of "sops").
constexpr std::string_view encrypted_only_begin =
    "\x8a\x3f\xd2\xad\x54\xce\x66\x52\x7b\x10\x34\xf3\xd1\x47\xbe\x0b"
    "\x0b\x97\x5b\x3b\xf4\x4f\x72\xc6\xfd\xad\xec\x81\x76\xf2\x7d\x69";

template <typename List, typename Text>
std::string joined(const List& list, Text text) {
  std::string all;
  std::size_t count = 0;
  for (const auto& item : list) {
    if (count == shown_keys_max) return all + ", ...";
    if (count++ > 0) all += ", ";
    all += text(item);
  }
  return all;
}

// For whom the file is encrypted.
std::string keys_of(const SopsMetadata& metadata) {
  std::string keys = joined(metadata.age, [](const SopsRecipient& recipient) {
    return "age key " + plain_line(recipient.recipient.substr(0, 100));
  });
  const std::string others = joined(metadata.other_keys, [](std::string_view key) { return key; });
  if (!keys.empty() && !others.empty()) keys += ", ";
  return keys + others;
}

Error no_key(const SopsMetadata& metadata, const Identities& identities, std::string_view name) {
  std::string message = fmt::format("{} is encrypted by SOPS for {}, ", name, keys_of(metadata));
  if (metadata.age.empty()) {
    message += "and only age keys (age1...) can be used here: encrypt it for one as well";
  } else if (identities.empty()) {
    message +=
        "and there is no age identity: give one by spec.decryption.secretRef or by "
        "decryption.ageKeyFile in the configuration";
  } else {
    message += "and the age identities at hand are those of " +
               joined(identities.all(),
                      [](const AgeIdentity& identity) { return identity.recipient_text(); });
  }
  return {ErrorKind::denied, std::move(message)};
}

Result<SecretBytes> data_key(const SopsMetadata& metadata, const Identities& identities,
                             std::string_view name) {
  Error failure = no_key(metadata, identities, name);
  if (identities.empty()) return std::unexpected(std::move(failure));
  for (const SopsRecipient& recipient : metadata.age) {
    Result<SecretBytes> key = decrypt_age(recipient.sealed_key, identities);
    if (key && key->size() == data_key_size) return key;
    // One that is damaged says more than all that are for others.
    if (!key && key.error().kind == ErrorKind::denied) continue;
    failure = {ErrorKind::invalid,
               fmt::format("{}: the data key for {}: {}", name, plain_line(recipient.recipient),
                           key ? "it has not 32 bytes" : key.error().message)};
  }
  return std::unexpected(std::move(failure));
}

}  // namespace

SopsDecryption::SopsDecryption(SopsMetadata metadata, SecretBytes key, std::string_view name)
    : metadata_(std::move(metadata)),
      key_(std::move(key)),
      name_(name),
      hash_(std::make_unique<Sha512Stream>()) {
  if (metadata_.mac_only_encrypted) hash_->add(encrypted_only_begin);
}

Result<SopsDecryption> SopsDecryption::begin(SopsMetadata metadata, const Identities& identities,
                                             std::string_view name) {
  SecretBytes key = TRY(data_key(metadata, identities, name));
  return SopsDecryption(std::move(metadata), std::move(key), name);
}

Result<void> SopsDecryption::decrypt(SopsBranch& branch) { return decrypt_members(branch, {}); }

std::unexpected<Error> SopsDecryption::fail_at(const Place& place, std::string_view what) const {
  std::string_view path = place.path;
  if (path.ends_with(':')) path.remove_suffix(1);
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} {}", name_, plain_line(path.substr(0, shown_path_max)), what));
}

Result<void> SopsDecryption::decrypt_members(SopsBranch& members, const Place& place) {
  for (SopsItem& item : members) {
    if (item.node.kind == SopsKind::comment) {
      decrypt_comment(item.node, place);
      continue;
    }
    const Place inner{.path = place.path + item.key + ':',
                      .is_about = place.is_about || metadata_.rule.is_about(item.key)};
    TRY(decrypt_node(item.node, inner));
  }
  return {};
}

Result<void> SopsDecryption::decrypt_node(SopsNode& node, const Place& place) {
  switch (node.kind) {
    case SopsKind::mapping:
      return decrypt_members(node.items, place);
    case SopsKind::list:
      // Positions in lists are no part of a path.
      for (SopsItem& item : node.items) TRY(decrypt_node(item.node, place));
      return {};
    case SopsKind::scalar:
      return decrypt_scalar(node, place);
    case SopsKind::comment:
      decrypt_comment(node, place);
      return {};
  }
  return {};
}

Result<void> SopsDecryption::decrypt_scalar(SopsNode& node, const Place& place) {
  if (node.value.is_null()) return {};
  const std::string* text = node.value.as_string();
  const bool is_told = metadata_.rule.kind != SopsRuleKind::comments;
  bool is_encrypted = is_told ? metadata_.rule.is_encrypted(place.is_about)
                              : text != nullptr && read_sealed_value(*text).has_value();
  if (is_encrypted) {
    if (text == nullptr) {
      return fail_at(place, fmt::format("is {}, and should be an encrypted value",
                                        to_string(node.value.kind())));
    }
    Result<OpenedValue> opened = open_value(*text, key_, place.path);
    if (!opened && is_told) return fail_at(place, opened.error().message);
    is_encrypted = opened.has_value();
    if (opened) {
      opened->value.set_line(node.value.line());
      node.value = std::move(opened->value);
      if (opened->is_comment) {
        node.kind = SopsKind::comment;
        return {};
      }
    }
  }
  if (is_encrypted || !metadata_.mac_only_encrypted) hash_->add(sops_bytes(node.value));
  return {};
}

// A comment of old versions of SOPS was not encrypted.
void SopsDecryption::decrypt_comment(SopsNode& node, const Place& place) {
  const std::string_view path = place.path.empty() ? ":" : std::string_view(place.path);
  Result<OpenedValue> opened = open_value(node.value.scalar_text(), key_, path);
  if (!opened) return;
  if (!opened->is_comment) hash_->add(sops_bytes(opened->value));
  node.value = std::move(opened->value);
}

Result<void> SopsDecryption::check_mac() {
  const Result<OpenedValue> mac = open_value(metadata_.mac, key_, metadata_.last_modified);
  const std::string computed = hash_->finish();
  if (mac && mac->value.is_string() && mac->value.scalar_text() == computed) return {};
  return fail(
      ErrorKind::invalid,
      fmt::format("{}: the MAC of SOPS does not fit: {}; if what is there is right, decrypt "
                  "it by sops --ignore-mac and encrypt it again",
                  name_,
                  mac ? "values, or their order, were changed without sops"
                      : "it was changed or is missing"));
}

}  // namespace primocane
