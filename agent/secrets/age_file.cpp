// SPDX-License-Identifier: Apache-2.0
#include "secrets/age_file.hpp"

#include "secrets/age_armor.hpp"
#include "secrets/age_header.hpp"
#include "secrets/primitives.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t file_key_size = 16;
constexpr std::size_t payload_nonce_size = 16;
constexpr std::size_t chunk_size = std::size_t{64} * 1024;
constexpr std::size_t sealed_chunk_size = chunk_size + aead_tag_size;
constexpr std::string_view x25519_label = "age-encryption.org/v1/X25519";

using ChunkNonce = std::array<std::uint8_t, 12>;

std::unexpected<Error> bad_age_file(std::string_view what) {
  return fail(ErrorKind::invalid, std::string("the age file ").append(what));
}

// The file's key if `stanza` wraps it for `identity`; nothing if it is for another one.
Result<std::optional<SecretBytes>> unwrap(const AgeStanza& stanza, const AgeIdentity& identity) {
  if (stanza.type != "X25519") return std::optional<SecretBytes>();
  if (stanza.arguments.size() != 1 || stanza.body.size() != file_key_size + aead_tag_size) {
    return bad_age_file("has an odd X25519 stanza");
  }
  const Result<std::string> share = strict_base64(stanza.arguments.front(), Padding::none);
  if (!share || share->size() != x25519_size) return bad_age_file("has an odd X25519 stanza");
  X25519Point point{};
  std::ranges::copy(as_bytes(*share), point.begin());
  const std::optional<SecretBytes> shared = x25519(identity.secret.bytes(), point);
  if (!shared) return bad_age_file("has an X25519 stanza with a weak key");
  std::array<std::uint8_t, 2 * x25519_size> salt{};
  std::ranges::copy(identity.recipient, std::ranges::copy(point, salt.begin()).out);
  const SecretBytes key = hkdf_sha256(shared->bytes(), salt, x25519_label, aead_key_size);
  return open_chacha20_poly1305(key.bytes(), ChunkNonce{}, as_bytes(stanza.body));
}

Result<SecretBytes> file_key(const AgeHeader& header, const Identities& identities) {
  for (const AgeIdentity& identity : identities.all()) {
    for (const AgeStanza& stanza : header.stanzas) {
      std::optional<SecretBytes> key = TRY(unwrap(stanza, identity));
      if (key) return *std::move(key);
    }
  }
  return fail(ErrorKind::denied, "no identity fits the age file");
}

Result<void> check_header(std::string_view file, const AgeHeader& header, const SecretBytes& key) {
  const SecretBytes mac_key = hkdf_sha256(key.bytes(), {}, "header", 32);
  const auto mac = hmac_sha256(mac_key.bytes(), file.substr(0, header.covered));
  if (!are_equal(mac, as_bytes(header.mac))) return bad_age_file("was changed: its header's MAC");
  return {};
}

// STREAM (age-encryption.org/v1, "Payload"): eleven bytes count the chunks, the last one marks the
// final chunk.
ChunkNonce nonce_of(std::uint64_t chunk, bool is_final) {
  ChunkNonce nonce{};
  for (std::size_t index = 0; index < 8; ++index) {
    nonce[10 - index] = static_cast<std::uint8_t>(chunk >> 8 * index);
  }
  nonce.back() = is_final ? 1 : 0;
  return nonce;
}

Result<SecretBytes> open_payload(Bytes key, Bytes sealed) {
  SecretBytes plain(sealed.size());
  std::size_t size = 0;
  for (std::uint64_t chunk = 0;; ++chunk) {
    const Bytes piece = sealed.first(std::min(sealed.size(), sealed_chunk_size));
    sealed = sealed.subspan(piece.size());
    const bool is_final = sealed.empty();
    if (piece.size() < aead_tag_size) return bad_age_file("is cut off");
    if (chunk > 0 && piece.size() == aead_tag_size) return bad_age_file("ends in an empty chunk");
    const auto opened = open_chacha20_poly1305(key, nonce_of(chunk, is_final), piece);
    if (!opened) return bad_age_file("was changed or is cut off");
    std::ranges::copy(opened->bytes(), plain.bytes().subspan(size).begin());
    size += opened->size();
    if (is_final) break;
  }
  plain.shorten(size);
  return plain;
}

}  // namespace

Result<SecretBytes> decrypt_age(std::string_view file, const Identities& identities,
                                ByteCount limit) {
  if (file.size() > limit.count()) {
    return bad_age_file(fmt::format("has more than {}", to_string(limit)));
  }
  std::string unarmored;
  if (is_armored(file)) {
    unarmored = TRY(read_armor(file));
    file = unarmored;
  }
  const AgeHeader header = TRY(read_age_header(file));
  const SecretBytes key = TRY(file_key(header, identities));
  TRY(check_header(file, header, key));
  const Bytes payload = as_bytes(file.substr(header.size));
  if (payload.size() < payload_nonce_size) return bad_age_file("is cut off");
  const SecretBytes stream_key =
      hkdf_sha256(key.bytes(), payload.first(payload_nonce_size), "payload", aead_key_size);
  return open_payload(stream_key.bytes(), payload.subspan(payload_nonce_size));
}

}  // namespace primocane
