// SPDX-License-Identifier: Apache-2.0
// Bech32 (BIP 173) without its bound on length, as age writes keys in it.
#pragma once

#include "secrets/secret_bytes.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

struct Bech32 {
  std::string prefix;  ///< what stands before the last "1", as it is written
  SecretBytes bytes;
};

/// What `text` stands for; nothing if letters are of both cases, not of the alphabet, or the
/// checksum is wrong.
[[nodiscard]] std::optional<Bech32> read_bech32(std::string_view text);

/// `bytes` behind the lower-case `prefix`.
[[nodiscard]] std::string write_bech32(std::string_view prefix,
                                       std::span<const std::uint8_t> bytes);

}  // namespace primocane
