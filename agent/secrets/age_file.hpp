// SPDX-License-Identifier: Apache-2.0
// Decrypts files of age (age-encryption.org/v1) that are encrypted for X25519 recipients.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "secrets/age_identity.hpp"
#include "secrets/secret_bytes.hpp"

#include <string_view>

namespace primocane {

/// The plaintext of `file`, armored or not. Errors: `denied` if no identity is among those for whom
/// it is encrypted; `invalid` if it is no age file, damaged, changed, cut off, or bigger than
/// `limit`. No message holds anything of it or of a key.
[[nodiscard]] Result<SecretBytes> decrypt_age(std::string_view file, const Identities& identities,
                                              ByteCount limit = ByteCount(1024 * 1024));

}  // namespace primocane
