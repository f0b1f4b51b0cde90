// SPDX-License-Identifier: Apache-2.0
// The cryptography that age and SOPS are made of, by mbedTLS.
#pragma once

#include "secrets/secret_bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

using Bytes = std::span<const std::uint8_t>;

inline constexpr std::size_t x25519_size = 32;    // of scalars and points
inline constexpr std::size_t aead_tag_size = 16;  // of both ciphers
inline constexpr std::size_t aead_key_size = 32;
using X25519Point = std::array<std::uint8_t, x25519_size>;

/// `size` bytes by HKDF with SHA-256 (RFC 5869).
[[nodiscard]] SecretBytes hkdf_sha256(Bytes secret, Bytes salt, std::string_view info,
                                      std::size_t size);

[[nodiscard]] std::array<std::uint8_t, 32> hmac_sha256(Bytes key, std::string_view text);

/// Whether both are the same, in a time that does not tell where they differ.
[[nodiscard]] bool are_equal(Bytes left, Bytes right);

/// What `sealed` (ciphertext, then tag) holds by ChaCha20-Poly1305 (RFC 8439) without additional
/// data; nothing if it is not authentic. `nonce` has 12 bytes.
[[nodiscard]] std::optional<SecretBytes> open_chacha20_poly1305(Bytes key, Bytes nonce,
                                                                Bytes sealed);

/// What `sealed` holds by AES-256 in GCM with a nonce of any length but zero; nothing if it is not
/// authentic.
[[nodiscard]] std::optional<std::string> open_aes256_gcm(Bytes key, Bytes nonce,
                                                         std::string_view additional, Bytes sealed,
                                                         Bytes tag);

/// The shared secret of X25519 (RFC 7748); nothing if the point has a low order.
[[nodiscard]] std::optional<SecretBytes> x25519(Bytes scalar, const X25519Point& point);

/// The public key that belongs to `scalar`.
[[nodiscard]] X25519Point x25519_public(Bytes scalar);

/// A running SHA-512.
class Sha512Stream {
 public:
  Sha512Stream();
  Sha512Stream(const Sha512Stream&) = delete;
  Sha512Stream& operator=(const Sha512Stream&) = delete;
  ~Sha512Stream();

  void add(std::string_view bytes);
  /// The hash of all that was added as 128 hexadecimal digits in capitals; call once.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace primocane
