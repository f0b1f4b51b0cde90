// SPDX-License-Identifier: Apache-2.0
#include "support/memory_remotes.hpp"

#include "render/remote_base.hpp"

#include <fmt/format.h>

#include <optional>

namespace primocane {

Result<RemoteContent> MemoryRemotes::find(std::string_view text, RemoteRole role) {
  const std::string name(text);
  if (const auto failure = failures_.find(name); failure != failures_.end()) {
    return std::unexpected(failure->second);
  }
  const bool may_be_file = role != RemoteRole::base && is_remote_file(text);
  if (const auto file = files_.find(name); may_be_file && file != files_.end()) {
    return RemoteText{file->second};
  }
  const auto base = role == RemoteRole::file ? std::nullopt : parse_remote_base(text);
  if (!may_be_file && !base) {
    return fail(ErrorKind::invalid, fmt::format("\"{}\" names nothing remote", text));
  }
  if (base) {
    const auto tree = trees_.find({base->repository, base->ref});
    if (tree != trees_.end()) return RemoteFolder{.tree = tree->second.get(), .path = base->path};
  }
  needed_.insert(name);
  return RemotePending{};
}

}  // namespace primocane
