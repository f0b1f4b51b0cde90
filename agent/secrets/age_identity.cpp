// SPDX-License-Identifier: Apache-2.0
#include "secrets/age_identity.hpp"

#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "base/wipe.hpp"
#include "document/schema_reader.hpp"
#include "secrets/bech32.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t identities_max = 100;
constexpr std::size_t key_line_size = 80;  // at least
constexpr std::string_view secret_prefix = "AGE-SECRET-KEY-";
constexpr std::string_view post_quantum_prefix = "AGE-SECRET-KEY-PQ-1";
constexpr std::string_view plugin_prefix = "AGE-PLUGIN-";
constexpr std::string_view key_suffix = ".agekey";

std::optional<AgeIdentity> read_identity(std::string_view line) {
  std::optional<Bech32> key = read_bech32(line);
  if (!key || key->prefix != secret_prefix || key->bytes.size() != x25519_size) return std::nullopt;
  const X25519Point recipient = x25519_public(key->bytes.bytes());
  return AgeIdentity{.secret = std::move(key->bytes), .recipient = recipient};
}

}  // namespace

std::string AgeIdentity::recipient_text() const { return write_bech32("age", recipient); }

Result<void> Identities::add(std::string_view text, std::string_view name) {
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(take_until(text, '\n'));
    if (line.empty() || line.starts_with('#')) continue;
    const auto bad = [&](std::string_view what) {
      return fail(ErrorKind::invalid, at_line(name, number).append(what));
    };
    if (line.starts_with(post_quantum_prefix) || line.starts_with(plugin_prefix)) continue;
    std::optional<AgeIdentity> identity = read_identity(line);
    if (!identity) return bad("this is no age identity (AGE-SECRET-KEY-1..., of age-keygen)");
    if (identities_.size() == identities_max) {
      return bad(fmt::format("there are more than {} age identities", identities_max));
    }
    identities_.push_back(*std::move(identity));
  }
  return {};
}

std::string Identities::text() const {
  std::string text;
  text.reserve(identities_.size() * key_line_size);  // so that no copy is left behind
  for (const AgeIdentity& identity : identities_) {
    std::string line = write_bech32("age-secret-key-", identity.secret.bytes());
    for (char& letter : line) {
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    }
    text.append(line) += '\n';
    wipe(line);
  }
  return text;
}

Result<Identities> identities_of_secret(const std::map<std::string, std::string>& entries,
                                        std::string_view secret) {
  Identities identities;
  for (const auto& [name, value] : entries) {
    if (!name.ends_with(key_suffix)) continue;
    TRY(identities.add(value, fmt::format("{} in the Secret {}", name, secret)));
  }
  return identities;
}

}  // namespace primocane
