// SPDX-License-Identifier: Apache-2.0
// What a renderer says that it needs from elsewhere, and what it is given of that: how both travel
// through the pipes of its box.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/remote_base.hpp"
#include "render/remote_trees.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Something remote that a kustomization names, as it is written there.
struct RemoteNeed {
  std::string text;
  RemoteRole role = RemoteRole::file;

  auto operator<=>(const RemoteNeed&) const = default;
};

enum class GivenKind : std::uint8_t {
  file,     ///< a descriptor has the content of a URL
  tree,     ///< a descriptor has a bundle of a repository
  no_file,  ///< a URL is none of a file: it may be a base
};

/// Something remote that is there. Those with a descriptor have it in their order, from
/// first_boxed_file on.
struct GivenRemote {
  std::string name;  ///< name_of_file() or name_of_tree()
  GivenKind kind = GivenKind::file;
  std::string hash;  ///< of a file, SHA-256 in hexadecimal digits; a bundle has its own

  bool operator==(const GivenRemote&) const = default;
};

/// Under which names what is remote is kept and given. They never meet.
[[nodiscard]] std::string name_of_file(std::string_view url);
[[nodiscard]] std::string name_of_tree(const RemoteBase& base);

[[nodiscard]] Value write_given_remotes(const std::vector<GivenRemote>& remotes);
[[nodiscard]] Result<std::vector<GivenRemote>> read_given_remotes(const Value& list);

/// What a renderer that needs more answers, instead of anything else, and ends with.
inline constexpr int exit_needs_remotes = 3;

/// The needs as one line of JSON, with the newline.
[[nodiscard]] std::string write_remote_needs(const std::vector<RemoteNeed>& needs);
/// `invalid` for what is odd, or no need: each text is what its role says (RemoteTrees::find()).
[[nodiscard]] Result<std::vector<RemoteNeed>> read_remote_needs(std::string_view line);

}  // namespace primocane
