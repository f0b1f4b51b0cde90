// SPDX-License-Identifier: Apache-2.0
// GivenRemotes: the RemoteTrees of a renderer in its box: what it was given, and a list of what is
// missing.
#pragma once

#include "base/bytes.hpp"
#include "base/unique_fd.hpp"
#include "render/remote_exchange.hpp"
#include "render/remote_trees.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// What turns out to be damaged, now or when it is read later, counts as missing.
class GivenRemotes final : public RemoteTrees {
 public:
  /// Owns the descriptors of what is given, from `first_file` on; a file is read up to `file_max`.
  GivenRemotes(const std::vector<GivenRemote>& given, int first_file, ByteCount file_max);

  [[nodiscard]] Result<RemoteContent> find(std::string_view text, RemoteRole role) override;
  [[nodiscard]] bool is_complete() const override { return needs_.empty(); }
  [[nodiscard]] std::vector<RemoteNeed> needs() const { return {needs_.begin(), needs_.end()}; }

 private:
  struct Remote {
    GivenKind kind = GivenKind::file;
    std::string hash;
    UniqueFd file{};                     // until its tree has it
    std::unique_ptr<SourceTree> tree{};  // once it was asked for
  };

  RemoteContent need(std::string_view text, RemoteRole role);
  [[nodiscard]] Result<RemoteContent> find_file(std::string_view text, RemoteRole role,
                                                const Remote& remote);
  [[nodiscard]] Result<RemoteContent> find_base(std::string_view text);

  ByteCount file_max_;
  std::map<std::string, Remote, std::less<>> given_;
  std::set<RemoteNeed> needs_;
};

}  // namespace primocane
