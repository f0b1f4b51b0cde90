// SPDX-License-Identifier: Apache-2.0
#include "reconcile/remote_store.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "base/sha256.hpp"
#include "document/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

namespace fs = std::filesystem;

constexpr ByteCount entry_size_max{64ULL * 1024};
constexpr std::string_view entry_ending = ".json";
constexpr std::string_view work_name = "incoming";
// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kind_words{"file", "tree", "noFile"};

std::string hex_of(std::string_view text) { return to_hex(sha256(text)); }

// It becomes part of a path.
bool is_content_name(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::optional<StoredRemote> read_entry(std::string_view text, const std::string& name) {
  const Result<Value> entry = read_json(text, "stored remote");
  if (!entry || entry->text_at("name") != name) return std::nullopt;
  const auto* const word = std::ranges::find(kind_words, entry->text_at("kind"));
  if (word == kind_words.end()) return std::nullopt;
  StoredRemote remote{.name = name,
                      .kind = static_cast<GivenKind>(word - kind_words.begin()),
                      .content = std::string(entry->text_at("content")),
                      .hash = std::string(entry->text_at("hash")),
                      .commit = std::string(entry->text_at("commit")),
                      .revision = std::string(entry->text_at("revision"))};
  if (remote.kind != GivenKind::no_file && !is_content_name(remote.content)) return std::nullopt;
  return remote;
}

std::string write_entry(const StoredRemote& remote) {
  return write_json(Object{{"name", remote.name},
                           {"kind", kind_words[static_cast<std::size_t>(remote.kind)]},
                           {"content", remote.content},
                           {"hash", remote.hash},
                           {"commit", remote.commit},
                           {"revision", remote.revision}});
}

void touch(const std::string& path) { ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0); }

bool was_used_before(const std::string& path, WallTime limit) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return false;
  return WallTime(std::chrono::seconds(status.st_mtime)) < limit;
}

}  // namespace

std::string RemoteStore::entry_path(const std::string& name) const {
  return fmt::format("{}/{}{}", folder_, hex_of(name), entry_ending);
}

std::string RemoteStore::path_of(const std::string& content) const {
  return fmt::format("{}/{}", folder_, content);
}

std::string RemoteStore::content_of_tree(const std::string& name, const std::string& commit) {
  return hex_of(fmt::format("{} {}", name, commit));
}

std::string RemoteStore::work_folder(const std::string& folder) {
  return fmt::format("{}/{}", folder, work_name);
}

Result<void> RemoteStore::prepare() const {
  std::error_code error;
  fs::create_directories(fs::path(folder_).parent_path(), error);
  if (!error) return make_folder(folder_);
  return fail(ErrorKind::unavailable,
              fmt::format("can't make folder {}: {}", folder_, error.message()));
}

std::optional<StoredRemote> RemoteStore::find(const std::string& name) const {
  const Result<std::optional<std::string>> text = read_if_there(entry_path(name), entry_size_max);
  if (!text || !*text) return std::nullopt;
  std::optional<StoredRemote> remote = read_entry(**text, name);
  if (remote && remote->kind != GivenKind::no_file && !open(*remote)) return std::nullopt;
  return remote;
}

Result<UniqueFd> RemoteStore::open(const StoredRemote& remote) const {
  const std::string path = path_of(remote.content);
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.is_open()) return file;
  return fail(ErrorKind::unavailable, fmt::format("{}: {}", path, describe_errno(errno)));
}

Result<StoredRemote> RemoteStore::put_file(std::string name, std::string_view text,
                                           std::string revision) const {
  const std::string hash = hex_of(text);
  StoredRemote remote{.name = std::move(name),
                      .kind = GivenKind::file,
                      .content = hash,
                      .hash = hash,
                      .commit = {},
                      .revision = std::move(revision)};
  TRY(prepare());
  TRY(replace_file(path_of(remote.content), text, Durability::synced));
  TRY(put(remote));
  return remote;
}

Result<void> RemoteStore::put(const StoredRemote& remote) const {
  TRY(prepare());
  return replace_file(entry_path(remote.name), write_entry(remote), Durability::synced);
}

void RemoteStore::remove_unused(const std::set<std::string>& used, WallTime limit) const {
  std::set<std::string> needed;
  for (const std::string& name : used) {
    needed.insert(entry_path(name));
    if (const auto remote = find(name)) needed.insert(path_of(remote->content));
  }
  for (const std::string& path : needed) touch(path);
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    const bool is_kept = needed.contains(path) || path == work_folder(folder_);
    if (is_kept || !was_used_before(path, limit)) continue;
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
}

}  // namespace primocane
