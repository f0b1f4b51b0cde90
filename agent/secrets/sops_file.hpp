// SPDX-License-Identifier: Apache-2.0
// Decrypts files and objects that were encrypted by SOPS.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "secrets/age_identity.hpp"
#include "secrets/sops_format.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What kind of text an encrypted one is, and what it is to become: they differ where an entry of a
/// Secret has a name of its own.
struct SopsFormats {
  SopsFormat from = SopsFormat::binary;
  SopsFormat to = SopsFormat::binary;
};

/// The plaintext of an encrypted file of at most 5 MiB, whose MAC is checked. `name` is the file in
/// messages, which never hold a value. Errors: `denied` if no identity fits, naming the keys that
/// would; `invalid` if it is damaged, was changed, is of another format, or the new format can't
/// express it.
[[nodiscard]] Result<std::string> decrypt_file(std::string_view content, SopsFormats formats,
                                               const Identities& identities, std::string_view name);

/// Checks the MACs of those `documents` of a file that are encrypted: the ones that have the same
/// MAC belong together. Objects are decrypted after they were built (decrypt_object), and that
/// changes values and order, so that only the file itself can be checked. Errors as decrypt_file's.
[[nodiscard]] Result<void> check_macs(std::vector<Value> documents, const Identities& identities,
                                      std::string_view name);

/// Whether an object has the metadata of SOPS, with a MAC.
[[nodiscard]] bool is_encrypted(const Value& object);

/// `object` with its values decrypted and without the metadata. The MAC is not looked at, because
/// names, labels and the order of keys may have changed since. Errors as decrypt_file's.
[[nodiscard]] Result<Value> decrypt_object(Value object, const Identities& identities,
                                           std::string_view name);

/// Decrypts the entries of a Secret's data that are encrypted files, as generators make them; each
/// becomes a file of the format that the entry's name tells. Others stay. Errors as decrypt_file's.
[[nodiscard]] Result<void> decrypt_secret_data(Value& secret, const Identities& identities,
                                               std::string_view name);

}  // namespace primocane
