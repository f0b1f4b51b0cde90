// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_metadata.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view default_suffix = "_unencrypted";
constexpr std::size_t keys_max = 100;
constexpr std::size_t shown_key_max = 100;
constexpr std::string_view post_quantum_recipient = "age1pq1";

struct OtherKind {
  std::string_view field;
  std::string_view called;
  std::array<std::string_view, 3> parts;  // what tells one from another
};

constexpr std::array<OtherKind, 6> other_kinds{{
    {"pgp", "PGP key", {"fp"}},
    {"kms", "AWS KMS key", {"arn"}},
    {"gcp_kms", "GCP KMS key", {"resource_id"}},
    {"azure_kv", "Azure Key Vault key", {"vault_url", "name", "version"}},
    {"hc_vault", "Vault key", {"vault_address", "engine_path", "key_name"}},
    {"hckms", "Huawei KMS key", {"key_id"}},
}};

std::unexpected<Error> bad_metadata(std::string_view name, std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}: in the metadata of SOPS {}", name, what));
}

std::string shown_key(std::string_view text) {
  if (text.size() <= shown_key_max) return plain_line(text);
  return plain_line(text.substr(0, shown_key_max)) + "...";
}

const Array* list_at(const Value& group, std::string_view field) {
  const Value* list = group.find(field);
  return list == nullptr ? nullptr : list->as_array();
}

// Why we can't use that recipient of age, or "".
std::string_view unusual_recipient(std::string_view recipient) {
  if (recipient.starts_with(post_quantum_recipient)) return "post-quantum age key";
  if (recipient.starts_with("ssh-")) return "SSH key";
  if (recipient.find('1') != recipient.rfind('1')) return "key of an age plugin";
  return {};
}

Result<void> read_age_key(const Value& key, SopsMetadata& metadata, std::string_view name) {
  const std::string_view recipient = key.text_at("recipient");
  const std::string_view sealed = key.text_at("enc");
  if (recipient.empty() || sealed.empty()) {
    return bad_metadata(name, "an age key has no recipient or no enc");
  }
  if (const std::string_view kind = unusual_recipient(recipient); !kind.empty()) {
    metadata.other_keys.push_back(fmt::format("{} {}", kind, shown_key(recipient)));
    return {};
  }
  metadata.age.push_back({.recipient = std::string(recipient), .sealed_key = std::string(sealed)});
  return {};
}

// All keys of a group.
Result<void> read_keys(const Value& group, SopsMetadata& metadata, std::string_view name) {
  std::size_t count = 0;
  if (const Array* keys = list_at(group, "age")) {
    count += keys->size();
    if (count > keys_max) return bad_metadata(name, "there are more than 100 keys");
    for (const Value& key : *keys) TRY(read_age_key(key, metadata, name));
  }
  for (const OtherKind& kind : other_kinds) {
    const Array* keys = list_at(group, kind.field);
    if (keys == nullptr) continue;
    count += keys->size();
    if (count > keys_max) return bad_metadata(name, "there are more than 100 keys");
    for (const Value& key : *keys) {
      std::string shown(kind.called);
      for (const std::string_view part : kind.parts) {
        if (!key.text_at(part).empty()) shown += " " + shown_key(key.text_at(part));
      }
      metadata.other_keys.push_back(std::move(shown));
    }
  }
  return {};
}

Result<void> read_groups(const Value& sops, SopsMetadata& metadata, std::string_view name) {
  TRY(read_keys(sops, metadata, name));
  if (!metadata.age.empty() || !metadata.other_keys.empty()) return {};
  const Array* groups = list_at(sops, "key_groups");
  if (groups == nullptr || groups->empty()) return bad_metadata(name, "there are no keys");
  if (groups->size() > 1) {
    return bad_metadata(
        name, fmt::format("the data key is split over {} groups of keys (Shamir), which is not "
                          "supported: encrypt the file for one group of keys",
                          groups->size()));
  }
  TRY(read_keys(groups->front(), metadata, name));
  if (metadata.age.empty() && metadata.other_keys.empty()) {
    return bad_metadata(name, "there are no keys");
  }
  return {};
}

Result<SopsRule> read_rule(const Value& sops, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, SopsRuleKind>, 6> fields{{
      {"unencrypted_suffix", SopsRuleKind::unencrypted_suffix},
      {"encrypted_suffix", SopsRuleKind::encrypted_suffix},
      {"unencrypted_regex", SopsRuleKind::unencrypted_regex},
      {"encrypted_regex", SopsRuleKind::encrypted_regex},
      {"unencrypted_comment_regex", SopsRuleKind::comments},
      {"encrypted_comment_regex", SopsRuleKind::comments},
  }};
  std::optional<SopsRule> rule;
  for (const auto& [field, kind] : fields) {
    const std::string_view text = sops.text_at(field);
    if (text.empty()) continue;
    if (rule) return bad_metadata(name, "more than one rule says what is encrypted");
    rule = SopsRule{.kind = kind, .suffix = std::string(text), .expression = {}};
    if (kind != SopsRuleKind::unencrypted_regex && kind != SopsRuleKind::encrypted_regex) continue;
    auto expression = RegularExpression::compile(text);
    if (!expression) {
      return bad_metadata(name, fmt::format("{}: {}", field, expression.error().message));
    }
    rule->expression = *std::move(expression);
  }
  if (!rule) rule = SopsRule{.suffix = std::string(default_suffix), .expression = {}};
  return *std::move(rule);
}

bool is_true_in(const Value& sops, std::string_view field) {
  const Value* value = sops.find(field);
  if (value == nullptr) return false;
  if (const bool* boolean = value->as_bool()) return *boolean;
  const std::string_view text = value->scalar_text();
  return text == "true" || text == "True" || text == "TRUE" || text == "1" || text == "t" ||
         text == "T";
}

// What Go makes of a time that it reads and writes by RFC 3339: no fractions of a second, and "Z"
// for an offset of zero.
std::string rfc3339_time(std::string_view text) {
  std::string time(text.substr(0, 19));
  std::string_view zone = text.substr(std::min<std::size_t>(text.size(), 19));
  if (zone.starts_with('.')) {
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  }
  return time.append(zone == "+00:00" || zone == "-00:00" ? "Z" : zone);
}

}  // namespace

bool SopsRule::is_about(std::string_view key) const {
  switch (kind) {
    case SopsRuleKind::unencrypted_suffix:
    case SopsRuleKind::encrypted_suffix:
      return key.ends_with(suffix);
    case SopsRuleKind::unencrypted_regex:
    case SopsRuleKind::encrypted_regex:
      return expression->is_found_in(key);
    case SopsRuleKind::comments:
      break;
  }
  return false;
}

bool SopsRule::is_encrypted(bool has_such_key) const {
  const bool is_for_encrypted =
      kind == SopsRuleKind::encrypted_suffix || kind == SopsRuleKind::encrypted_regex;
  return has_such_key == is_for_encrypted;
}

Result<SopsMetadata> read_sops_metadata(const Value& sops, std::string_view name) {
  if (!sops.is_object()) return bad_metadata(name, "there is no mapping");
  SopsMetadata metadata;
  TRY(read_groups(sops, metadata, name));
  metadata.rule = TRY(read_rule(sops, name));
  metadata.mac = sops.text_at("mac");
  metadata.last_modified = rfc3339_time(sops.text_at("lastmodified"));
  metadata.mac_only_encrypted = is_true_in(sops, "mac_only_encrypted");
  if (metadata.last_modified.empty()) return bad_metadata(name, "there is no lastmodified");
  return metadata;
}

}  // namespace primocane
