// SPDX-License-Identifier: Apache-2.0
// What of a repository must be signed, and by whom (a GitRepository's spec.verify), in the forms in
// which the system's gpgv and ssh-keygen read keys.
#pragma once

#include "base/error.hpp"

#include <span>
#include <string>
#include <string_view>

namespace primocane {

struct GitVerification {
  bool checks_commit = true;
  bool checks_tag = false;
  std::string pgp_keyring;      ///< OpenPGP keys as gpgv reads them; "" for none
  std::string allowed_signers;  ///< SSH keys as ssh-keygen(1) reads them; "" for none

  bool operator==(const GitVerification&) const = default;
};

/// Whose keys those in GitVerification::allowed_signers are.
inline constexpr std::string_view ssh_principal = "primocane";

/// The OpenPGP keys of an armored block, as they are without the armor (RFC 4880 section 6.2).
/// `invalid` for what is none; the message holds nothing of it.
[[nodiscard]] Result<std::string> unarmored_keys(std::string_view armored);

/// A line of allowed_signers for each public key in `keys`, one per line, as authorized_keys has
/// them but without options. `invalid`, naming the line, for what is no key.
[[nodiscard]] Result<std::string> allowed_signers_of(std::string_view keys);

/// That each commit is signed by one of the keys in the file `text`: an armored block of OpenPGP
/// keys or SSH public keys. `invalid` for what is neither.
[[nodiscard]] Result<GitVerification> verification_by(std::string_view text);

}  // namespace primocane
