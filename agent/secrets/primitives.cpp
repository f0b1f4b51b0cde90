// SPDX-License-Identifier: Apache-2.0
#include "secrets/primitives.hpp"

#include <mbedtls/chachapoly.h>
#include <mbedtls/ecp.h>
#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/md.h>
#include <mbedtls/sha512.h>

#include <algorithm>
#include <cstdlib>
#include <sys/random.h>

extern "C" {
#include <mbedtls/constant_time.h>  // which does not say itself that it is C
}

namespace primocane {

namespace {

constexpr unsigned aes256_bits = 256;
constexpr std::size_t chacha_nonce_size = 12;

const mbedtls_md_info_t* sha256_kind() { return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256); }

// What can only fail for want of memory or by a mistake of ours.
void must(int result) {
  if (result != 0) std::abort();
}

// For the blinding of scalar multiplication.
int random_bytes(void* /*unused*/, unsigned char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::getrandom(out, std::min<std::size_t>(size, 256), 0);
    if (got <= 0) return MBEDTLS_ERR_ECP_RANDOM_FAILED;
    out += got;
    size -= static_cast<std::size_t>(got);
  }
  return 0;
}

// The curve with one scalar and two points, which mbedTLS overwrites when it lets them go.
struct Curve {
  mbedtls_ecp_group group{};
  mbedtls_mpi scalar{};
  mbedtls_ecp_point point{};
  mbedtls_ecp_point product{};

  explicit Curve(Bytes secret) {
    mbedtls_ecp_group_init(&group);
    mbedtls_mpi_init(&scalar);
    mbedtls_ecp_point_init(&point);
    mbedtls_ecp_point_init(&product);
    must(mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_CURVE25519));
    // RFC 7748 section 5: which bits of a scalar are given.
    SecretBytes clamped(secret);
    clamped.bytes().front() &= 248;
    clamped.bytes().back() &= 127;
    clamped.bytes().back() |= 64;
    must(mbedtls_mpi_read_binary_le(&scalar, clamped.bytes().data(), clamped.size()));
  }
  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;
  ~Curve() {
    mbedtls_ecp_point_free(&product);
    mbedtls_ecp_point_free(&point);
    mbedtls_mpi_free(&scalar);
    mbedtls_ecp_group_free(&group);
  }

  // The product's coordinate into `out`; false if the point has a low order.
  [[nodiscard]] bool multiply(const mbedtls_ecp_point& by, std::span<std::uint8_t> out) {
    if (mbedtls_ecp_mul(&group, &product, &scalar, &by, random_bytes, nullptr) != 0) return false;
    std::size_t written = 0;
    must(mbedtls_ecp_point_write_binary(&group, &product, MBEDTLS_ECP_PF_UNCOMPRESSED, &written,
                                        out.data(), out.size()));
    return std::ranges::any_of(out, [](std::uint8_t byte) { return byte != 0; });
  }
};

}  // namespace

SecretBytes hkdf_sha256(Bytes secret, Bytes salt, std::string_view info, std::size_t size) {
  SecretBytes derived(size);
  must(mbedtls_hkdf(sha256_kind(), salt.data(), salt.size(), secret.data(), secret.size(),
                    as_bytes(info).data(), info.size(), derived.bytes().data(), size));
  return derived;
}

std::array<std::uint8_t, 32> hmac_sha256(Bytes key, std::string_view text) {
  std::array<std::uint8_t, 32> code{};
  must(mbedtls_md_hmac(sha256_kind(), key.data(), key.size(), as_bytes(text).data(), text.size(),
                       code.data()));
  return code;
}

bool are_equal(Bytes left, Bytes right) {
  return left.size() == right.size() &&
         mbedtls_ct_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::optional<SecretBytes> open_chacha20_poly1305(Bytes key, Bytes nonce, Bytes sealed) {
  if (key.size() != aead_key_size || nonce.size() != chacha_nonce_size ||
      sealed.size() < aead_tag_size) {
    return std::nullopt;
  }
  const std::size_t size = sealed.size() - aead_tag_size;
  SecretBytes opened(size);
  mbedtls_chachapoly_context context;
  mbedtls_chachapoly_init(&context);
  must(mbedtls_chachapoly_setkey(&context, key.data()));
  const int result =
      mbedtls_chachapoly_auth_decrypt(&context, size, nonce.data(), nullptr, 0,
                                      sealed.data() + size, sealed.data(), opened.bytes().data());
  mbedtls_chachapoly_free(&context);
  if (result != 0) return std::nullopt;
  return opened;
}

std::optional<std::string> open_aes256_gcm(Bytes key, Bytes nonce, std::string_view additional,
                                           Bytes sealed, Bytes tag) {
  if (key.size() != aead_key_size || nonce.empty() || tag.size() != aead_tag_size) {
    return std::nullopt;
  }
  std::string opened(sealed.size(), '\0');
  mbedtls_gcm_context context;
  mbedtls_gcm_init(&context);
  must(mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, key.data(), aes256_bits));
  const int result = mbedtls_gcm_auth_decrypt(&context, sealed.size(), nonce.data(), nonce.size(),
                                              as_bytes(additional).data(), additional.size(),
                                              tag.data(), tag.size(), sealed.data(),
                                              reinterpret_cast<unsigned char*>(opened.data()));
  mbedtls_gcm_free(&context);
  if (result != 0) return std::nullopt;
  return opened;
}

std::optional<SecretBytes> x25519(Bytes scalar, const X25519Point& point) {
  Curve curve(scalar);
  SecretBytes shared(x25519_size);
  must(mbedtls_ecp_point_read_binary(&curve.group, &curve.point, point.data(), point.size()));
  if (!curve.multiply(curve.point, shared.bytes())) return std::nullopt;
  return shared;
}

X25519Point x25519_public(Bytes scalar) {
  Curve curve(scalar);
  X25519Point point{};
  if (!curve.multiply(curve.group.G, point)) std::abort();
  return point;
}

struct Sha512Stream::State {
  mbedtls_sha512_context context{};
};

Sha512Stream::Sha512Stream() : state_(std::make_unique<State>()) {
  mbedtls_sha512_init(&state_->context);
  must(mbedtls_sha512_starts(&state_->context, /*is384=*/0));
}

Sha512Stream::~Sha512Stream() { mbedtls_sha512_free(&state_->context); }

void Sha512Stream::add(std::string_view bytes) {
  must(mbedtls_sha512_update(&state_->context, as_bytes(bytes).data(), bytes.size()));
}

std::string Sha512Stream::finish() {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::array<unsigned char, 64> hash{};
  must(mbedtls_sha512_finish(&state_->context, hash.data()));
  std::string text;
  text.reserve(hash.size() * 2);
  for (const unsigned char byte : hash) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

}  // namespace primocane
