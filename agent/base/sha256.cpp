// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.hpp"

#include <mbedtls/sha256.h>

#include <span>

namespace primocane {

struct Sha256Stream::State {
  mbedtls_sha256_context context{};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  mbedtls_sha256_init(&state_->context);
  mbedtls_sha256_starts(&state_->context, /*is224=*/0);
}

Sha256Stream::~Sha256Stream() { mbedtls_sha256_free(&state_->context); }

void Sha256Stream::add(std::string_view bytes) {
  const auto raw = std::as_bytes(std::span(bytes));
  mbedtls_sha256_update(&state_->context, reinterpret_cast<const unsigned char*>(raw.data()),
                        raw.size());
}

Sha256 Sha256Stream::finish() {
  Sha256 hash{};
  mbedtls_sha256_finish(&state_->context, hash.data());
  return hash;
}

Sha256 sha256(std::string_view bytes) {
  Sha256Stream stream;
  stream.add(bytes);
  return stream.finish();
}

std::string to_hex(const Sha256& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(hash.size() * 2);
  for (const std::uint8_t byte : hash) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string to_base64_url(const Sha256& hash) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : hash) {
    bits = (bits << 8U) | byte;
    count += 8;
    while (count >= 6) {
      count -= 6;
      text += digits[(bits >> count) & 0x3FU];
    }
  }
  if (count > 0) text += digits[(bits << (6 - count)) & 0x3FU];
  return text;
}

}  // namespace primocane
