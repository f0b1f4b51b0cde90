// SPDX-License-Identifier: Apache-2.0
// SHA-256, by mbedTLS: identities of ApplySets, renderings and managedFields entries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace primocane {

/// The 32 bytes of a SHA-256.
using Sha256 = std::array<std::uint8_t, 32>;

/// A running SHA-256.
class Sha256Stream {
 public:
  Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  ~Sha256Stream();

  void add(std::string_view bytes);
  /// The hash of all that was added; call once.
  [[nodiscard]] Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] Sha256 sha256(std::string_view bytes);
/// Lower-case hexadecimal, 64 digits.
[[nodiscard]] std::string to_hex(const Sha256& hash);
/// URL-safe base64 without padding (RFC 4648 section 5), 43 characters.
[[nodiscard]] std::string to_base64_url(const Sha256& hash);

}  // namespace primocane
