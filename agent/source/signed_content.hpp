// SPDX-License-Identifier: Apache-2.0
// SignedContent: a commit or a tag as Git keeps it, taken apart into what was signed and the
// signature (git, gpg-interface.c and commit.c).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace primocane {

struct SignedContent {
  std::string payload;
  std::string signature;  ///< armored; "" if there is none

  bool operator==(const SignedContent&) const = default;
};

/// The largest commit or tag whose signature is looked at.
inline constexpr std::size_t signed_object_max = 96UL * 1024;

/// Takes the object of a commit apart. `invalid` for one with several signatures, or too large.
[[nodiscard]] Result<SignedContent> split_commit(std::string_view object);
/// The same for an annotated tag: its signature ends its message.
[[nodiscard]] Result<SignedContent> split_tag(std::string_view object);

/// Whether the tag whose payload this is names `commit` itself.
[[nodiscard]] bool is_tag_of(std::string_view payload, const CommitId& commit);

}  // namespace primocane
