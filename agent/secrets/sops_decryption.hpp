// SPDX-License-Identifier: Apache-2.0
// Decrypts the trees of a file of SOPS and checks its MAC (sops.go, Decrypt).
#pragma once

#include "base/error.hpp"
#include "secrets/age_identity.hpp"
#include "secrets/primitives.hpp"
#include "secrets/secret_bytes.hpp"
#include "secrets/sops_metadata.hpp"
#include "secrets/sops_tree.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace primocane {

/// Used for one file: its documents are decrypted in their order, then the MAC is checked.
class SopsDecryption {
 public:
  /// Decrypts the data key. `name` is the file or object in messages. Errors: `denied`, naming the
  /// keys that could open it and those that are at hand, if none of these is among those;
  /// `invalid` if its sealed form is damaged.
  [[nodiscard]] static Result<SopsDecryption> begin(SopsMetadata metadata,
                                                    const Identities& identities,
                                                    std::string_view name);

  /// Decrypts all values of `branch` that its rule says are encrypted. `invalid`, with the path of
  /// keys and never with a value, for one that can't be.
  ///
  /// Where comments say what is encrypted, those values are that can be decrypted: our readers of
  /// documents leave comments out, and the MAC tells if one is not as it was.
  [[nodiscard]] Result<void> decrypt(SopsBranch& branch);

  /// `invalid` unless the MAC is that of the values which were decrypted so far.
  [[nodiscard]] Result<void> check_mac();

 private:
  SopsDecryption(SopsMetadata metadata, SecretBytes key, std::string_view name);

  // The way to a node: its keys, each with a ":" behind it, and whether the rule is about one.
  struct Place {
    std::string path;
    bool is_about = false;
  };

  Result<void> decrypt_members(SopsBranch& members, const Place& place);
  Result<void> decrypt_node(SopsNode& node, const Place& place);
  Result<void> decrypt_scalar(SopsNode& node, const Place& place);
  void decrypt_comment(SopsNode& node, const Place& place);
  [[nodiscard]] std::unexpected<Error> fail_at(const Place& place, std::string_view what) const;

  SopsMetadata metadata_;
  SecretBytes key_;
  std::string name_;
  std::unique_ptr<Sha512Stream> hash_;
};

}  // namespace primocane
