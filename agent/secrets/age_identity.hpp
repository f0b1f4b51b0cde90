// SPDX-License-Identifier: Apache-2.0
// Identities: the private keys of age that files are decrypted with.
#pragma once

#include "base/error.hpp"
#include "secrets/primitives.hpp"
#include "secrets/secret_bytes.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One X25519 key.
struct AgeIdentity {
  SecretBytes secret;
  X25519Point recipient{};

  /// The public key as people know it: "age1...".
  [[nodiscard]] std::string recipient_text() const;
};

/// Private keys of age. Movable, not copyable; overwritten when destroyed.
class Identities {
 public:
  /// Adds the keys of `text`: what age-keygen writes, a key on each line, empty lines and those
  /// that begin with "#" left out, and post-quantum keys and those of plugins as well: a file that
  /// needs one says so. `invalid`, with `name` and line and never with the text, for anything else,
  /// and beyond 100 keys.
  [[nodiscard]] Result<void> add(std::string_view text, std::string_view name);

  [[nodiscard]] bool empty() const { return identities_.empty(); }
  [[nodiscard]] const std::vector<AgeIdentity>& all() const { return identities_; }

  /// All keys, a line each, to be given to the child that decrypts; the caller wipes it.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<AgeIdentity> identities_;
};

/// The keys of a Secret that `spec.decryption.secretRef` names: those of its entries that end in
/// ".agekey", decoded (kustomize-controller, ImportKeys). Entries for other kinds of keys are left
/// out. Errors as Identities::add's; `secret` names it in messages.
[[nodiscard]] Result<Identities> identities_of_secret(
    const std::map<std::string, std::string>& entries, std::string_view secret);

}  // namespace primocane
