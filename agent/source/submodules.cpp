// SPDX-License-Identifier: Apache-2.0
#include "source/submodules.hpp"

#include "source/git_handles.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>
#include <git2/sys/config.h>

#include <memory>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view gitmodules_name = ".gitmodules";
constexpr std::size_t shown_url_max = 200;

using GitConfig = std::unique_ptr<git_config, GitDeleter<git_config_free>>;

struct DeclaredSubmodule {
  std::string path;
  std::string url;
};

// By name, as the sections are called.
using DeclaredSubmodules = std::map<std::string, DeclaredSubmodule>;

// "submodule.NAME.KEY", where NAME may hold anything. Of two values the last one counts.
int take_gitmodules_entry(const git_config_entry* entry, void* payload) {
  constexpr std::string_view section = "submodule.";
  std::string_view name = entry->name == nullptr ? "" : entry->name;
  if (!name.starts_with(section) || entry->value == nullptr) return 0;
  name.remove_prefix(section.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return 0;
  auto& declared = *static_cast<DeclaredSubmodules*>(payload);
  const std::string_view key = name.substr(dot + 1);
  if (key == "path") declared[std::string(name.substr(0, dot))].path = entry->value;
  if (key == "url") declared[std::string(name.substr(0, dot))].url = entry->value;
  return 0;
}

std::unexpected<Error> odd_gitmodules() {
  return fail(ErrorKind::invalid,
              fmt::format("{} can't be read: {}", gitmodules_name, git_error_text()));
}

Result<EntryKind> kind_below_folders(const StoredTree& tree, const RelativePath& path) {
  if (TRY(obstacle_before(tree, path))) return EntryKind::absent;
  return tree.kind(path);
}

bool is_relative_url(std::string_view url) {
  return url.starts_with("./") || url.starts_with("../");
}

std::unexpected<Error> odd_submodule_url(std::string_view url, std::string_view why) {
  return fail(ErrorKind::invalid,
              fmt::format("its URL \"{}\" {}", printable(url, shown_url_max), why));
}

// GitUrl speaks of the key that it is mostly read from, and does not repeat what it was given.
Result<GitUrl> parse_submodule_url(std::string_view url) {
  Result<GitUrl> parsed = GitUrl::parse(url);
  if (parsed) return parsed;
  constexpr std::string_view key = "git.url ";
  Error error = std::move(parsed).error();
  if (error.message.starts_with(key)) error.message.replace(0, key.size(), "its URL ");
  if (error.message.starts_with("its URL holds credentials")) {
    error.message = "its URL holds credentials, which is not supported";
  }
  return std::unexpected(std::move(error));
}

}  // namespace

Result<std::map<RelativePath, std::string>> read_gitmodules(std::string_view text) {
  const GitLibrary library;
  const auto config = git_make<GitConfig>(git_config_new);
  git_config_backend* backend = nullptr;
  if (!config || git_config_backend_from_string(&backend, text.data(), text.size(), nullptr) != 0 ||
      git_config_add_backend(config.get(), backend, GIT_CONFIG_LEVEL_LOCAL, nullptr, 1) != 0) {
    if (backend != nullptr) backend->free(backend);
    return odd_gitmodules();
  }
  DeclaredSubmodules declared;
  if (git_config_foreach(config.get(), take_gitmodules_entry, &declared) != 0) {
    return odd_gitmodules();
  }
  std::map<RelativePath, std::string> urls;
  for (auto& [name, submodule] : declared) {
    Result<RelativePath> path = RelativePath::parse(submodule.path);
    if (path && !path->is_root()) urls.insert_or_assign(std::move(*path), std::move(submodule.url));
  }
  return urls;
}

Result<std::map<RelativePath, std::string>> gitmodules_of(const StoredTree& tree) {
  const RelativePath path = TRY(RelativePath::parse(gitmodules_name));
  if (TRY(tree.kind(path)) != EntryKind::file) return std::map<RelativePath, std::string>();
  return read_gitmodules(TRY(tree.read(path, gitmodules_max)));
}

Result<std::vector<Submodule>> submodules_of(const StoredTree& tree,
                                             const std::map<RelativePath, std::string>& urls) {
  std::vector<Submodule> found;
  for (const auto& [path, url] : urls) {
    if (TRY(kind_below_folders(tree, path)) != EntryKind::submodule) continue;
    if (url.empty()) {
      return fail(ErrorKind::invalid,
                  fmt::format("submodule {}: {} names no URL", printable(path.str(), shown_url_max),
                              gitmodules_name));
    }
    if (found.size() == submodules_max) {
      return fail(ErrorKind::invalid, fmt::format("has more than {} submodules", submodules_max));
    }
    const std::string target = TRY(tree.link_target(path));
    CommitId commit = TRY(CommitId::parse(target));
    found.push_back({.path = path, .url = url, .commit = std::move(commit)});
  }
  return found;
}

Result<GitUrl> submodule_url(const GitUrl& parent, std::string_view url) {
  if (!is_relative_url(url)) return parse_submodule_url(url);
  const std::size_t path_size = parent.path().size();
  const std::string host = parent.str().substr(0, parent.str().size() - path_size);
  const bool is_rooted = parent.path().starts_with('/');
  std::string_view folder = parent.path();
  if (is_rooted) folder.remove_prefix(1);
  std::string_view rest = url;
  while (is_relative_url(rest)) {
    const bool goes_up = rest.starts_with("../");
    rest.remove_prefix(goes_up ? 3 : 2);
    if (!goes_up) continue;
    if (folder.empty()) return odd_submodule_url(url, "leads above the host of the repository");
    const std::size_t slash = folder.rfind('/');
    folder = folder.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
  const std::string_view between = folder.empty() ? "" : "/";
  return parse_submodule_url(
      fmt::format("{}{}{}{}{}", host, is_rooted ? "/" : "", folder, between, rest));
}

}  // namespace primocane
