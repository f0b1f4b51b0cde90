// SPDX-License-Identifier: Apache-2.0
// The metadata of a file of SOPS ("sops:"): for whom it is encrypted, what of it is, and its MAC.
#pragma once

#include "base/error.hpp"
#include "document/regular_expression.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What tells the values that are encrypted from those that are not.
enum class SopsRuleKind : std::uint8_t {
  unencrypted_suffix,
  encrypted_suffix,
  unencrypted_regex,
  encrypted_regex,
  comments,  ///< encrypted_comment_regex or unencrypted_comment_regex
};

/// The rule of a file: it looks at each key on the way to a value.
struct SopsRule {
  SopsRuleKind kind = SopsRuleKind::unencrypted_suffix;
  std::string suffix;
  std::optional<RegularExpression> expression;

  /// Whether `key` is one that the rule is about.
  [[nodiscard]] bool is_about(std::string_view key) const;
  /// Whether a value is encrypted whose path has such a key, or has none. Not for `comments`.
  [[nodiscard]] bool is_encrypted(bool has_such_key) const;
};

/// The data key as it is encrypted for one recipient of age.
struct SopsRecipient {
  std::string recipient;  ///< "age1..."
  std::string sealed_key;
};

struct SopsMetadata {
  std::vector<SopsRecipient> age;
  std::vector<std::string>
      other_keys;  ///< "PGP key 35C1...", "AWS KMS key arn:...": as it is shown
  SopsRule rule;
  std::string mac;
  std::string last_modified;  ///< as the MAC's additional data
  bool mac_only_encrypted = false;
};

/// Reads the value under "sops"; numbers and booleans may be texts, as they are in formats without
/// types. `invalid`, beginning with `name`, if something is missing or odd, if more than one rule
/// is there, for a data key that is split over several groups of keys (Shamir), and for more than
/// 100 keys.
[[nodiscard]] Result<SopsMetadata> read_sops_metadata(const Value& sops, std::string_view name);

}  // namespace primocane
