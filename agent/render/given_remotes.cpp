// SPDX-License-Identifier: Apache-2.0
#include "render/given_remotes.hpp"

#include "base/read_to_end.hpp"
#include "base/sha256.hpp"
#include "source/bundle_tree.hpp"

#include <fmt/format.h>

#include <optional>
#include <unistd.h>
#include <utility>

namespace primocane {

GivenRemotes::GivenRemotes(const std::vector<GivenRemote>& given, int first_file,
                           ByteCount file_max)
    : file_max_(file_max) {
  int file = first_file;
  for (const GivenRemote& one : given) {
    Remote remote{.kind = one.kind, .hash = one.hash};
    if (one.kind != GivenKind::no_file) remote.file = UniqueFd(file++);
    given_.insert_or_assign(one.name, std::move(remote));
  }
}

Result<RemoteContent> GivenRemotes::find(std::string_view text, RemoteRole role) {
  if (role != RemoteRole::base && is_remote_file(text)) {
    const auto remote = given_.find(name_of_file(text));
    if (remote == given_.end()) return need(text, role);
    if (remote->second.kind == GivenKind::file) return find_file(text, role, remote->second);
    if (role == RemoteRole::file) return need(text, role);
  }
  if (role != RemoteRole::file) return find_base(text);
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is no URL of a file", shown_remote(text)));
}

RemoteContent GivenRemotes::need(std::string_view text, RemoteRole role) {
  needs_.insert({.text = std::string(text), .role = role});
  return RemotePending{};
}

Result<RemoteContent> GivenRemotes::find_file(std::string_view text, RemoteRole role,
                                              const Remote& remote) {
  if (::lseek(remote.file.get(), 0, SEEK_SET) != 0) return need(text, role);
  Result<std::string> content = read_to_end(remote.file.get(), shown_remote(text), file_max_);
  if (!content && content.error().kind == ErrorKind::invalid) {
    return std::unexpected(std::move(content).error());
  }
  if (!content || to_hex(sha256(*content)) != remote.hash) return need(text, role);
  return RemoteText{std::move(*content)};
}

Result<RemoteContent> GivenRemotes::find_base(std::string_view text) {
  const std::optional<RemoteBase> base = parse_remote_base(text);
  if (!base) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is neither a file nor a repository that Git knows",
                            shown_remote(text)));
  }
  const auto found = given_.find(name_of_tree(*base));
  if (found == given_.end() || found->second.kind != GivenKind::tree) {
    return need(text, RemoteRole::base);
  }
  Remote& remote = found->second;
  if (!remote.tree) {
    auto damaged = [this, name = std::string(text)] { need(name, RemoteRole::base); };
    auto tree = open_bundle_tree(std::move(remote.file), std::move(damaged));
    if (!tree) return need(text, RemoteRole::base);
    remote.tree = std::move(*tree);
  }
  return RemoteFolder{.tree = remote.tree.get(), .path = base->path};
}

}  // namespace primocane
