// SPDX-License-Identifier: Apache-2.0
// Encrypted values of SOPS: ENC[AES256_GCM,data:...,iv:...,tag:...,type:...].
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "secrets/secret_bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// A value in its encrypted form.
struct SealedValue {
  std::string data;
  std::string nonce;
  std::string tag;
  std::string type;  ///< "str", "int", "float", "bool", "bytes", "time", "comment"
};

/// Takes `text` apart; nothing if it does not have the form (aes/cipher.go, parse).
[[nodiscard]] std::optional<SealedValue> read_sealed_value(std::string_view text);

/// A value and whether its type is "comment".
struct OpenedValue {
  Value value;
  bool is_comment = false;
};

/// Decrypts `text` with the data key; `place` is authenticated with it. An empty text is its own
/// plaintext. Errors are `invalid` and say what is wrong without the text: no encrypted value; it
/// was changed, moved or belongs to another key; its type is unknown, or its content none of it.
[[nodiscard]] Result<OpenedValue> open_value(std::string_view text, const SecretBytes& key,
                                             std::string_view place);

}  // namespace primocane
