// SPDX-License-Identifier: Apache-2.0
// RemoteTrees: what a kustomization names that lies elsewhere, as far as it has been fetched. The
// engine has no network: it says what it needs, and is run again when that is there.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace primocane {

/// As what something remote is named, which decides how it is fetched.
enum class RemoteRole : std::uint8_t {
  file,          ///< a URL whose content is wanted: a patch, a file of a generator, a schema
  base,          ///< a folder of a Git repository: components
  file_or_base,  ///< a URL in `resources`, `generators`, `transformers`: a file if it is one
};

/// It is not here yet. It has been noted as needed; what is rendered without it is thrown away.
struct RemotePending {
  bool operator==(const RemotePending&) const = default;
};

/// The content of a file.
struct RemoteText {
  std::string text;

  bool operator==(const RemoteText&) const = default;
};

/// A folder of a repository, which is a tree of its own: what lies in the folder may refer to
/// others of the same tree.
struct RemoteFolder {
  const SourceTree* tree = nullptr;  ///< lives as long as the RemoteTrees
  RelativePath path;                 ///< need not be there
};

using RemoteContent = std::variant<RemotePending, RemoteText, RemoteFolder>;

/// Where the engine looks up what is remote.
class RemoteTrees {
 public:
  virtual ~RemoteTrees() = default;

  /// What `text` names. For RemoteRole::base, and where the result is a folder, it is what
  /// parse_remote_base() takes; else is_remote_file() holds. `invalid` for what is neither, and
  /// for what was asked for and can't be had, with the reason. With RemotePending the engine goes
  /// on as if nothing were listed there, so that all that is needed is known at once: whatever
  /// comes of the rendering, also an error, is thrown away while is_complete() does not hold.
  [[nodiscard]] virtual Result<RemoteContent> find(std::string_view text, RemoteRole role) = 0;

  /// Whether all that was looked up is here.
  [[nodiscard]] virtual bool is_complete() const = 0;
};

}  // namespace primocane
