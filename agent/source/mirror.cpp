// SPDX-License-Identifier: Apache-2.0
#include "source/mirror.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "source/pack_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace primocane {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view state_file = "primocane.json";
constexpr ByteCount state_file_max{32ULL * 1024 * 1024};
constexpr mode_t shared_folder_mode = 02750;  // what is made in it belongs to the same group

std::string reason() { return describe_errno(errno); }

// Best effort: what can't be removed now is tried again at the next fetch.
void remove_all_in(const std::string& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    fs::remove_all(entry->path(), ignored);
  }
}

}  // namespace

std::string Mirror::in(std::string_view name) const {
  return fmt::format("{}/{}", folder_.path, name);
}

std::string Mirror::pack_path(const std::string& name, std::string_view ending) const {
  return fmt::format("{}/objects/pack/pack-{}{}", folder_.path, name, ending);
}

Result<MirrorState> Mirror::state() const {
  const auto damaged = [&](const Error& error) {
    return std::unexpected(Error{ErrorKind::unavailable, fmt::format("the mirror {} is damaged: {}",
                                                                     folder_.path, error.message)});
  };
  const Result<std::optional<std::string>> text = read_if_there(in(state_file), state_file_max);
  if (!text) return damaged(text.error());
  if (!*text) return MirrorState{};
  Result<MirrorState> state = read_mirror_state(**text);
  if (!state) return damaged(state.error());
  for (const MirrorPack& pack : packs_of(*state)) {
    const Result<void> checked = check_pack_files(pack_path(pack.name, ""), pack);
    if (!checked) return damaged(checked.error());
  }
  return state;
}

std::string Mirror::fingerprint(const MirrorState& state) const {
  std::string text;
  for (const MirrorPack& pack : packs_of(state)) {
    text += pack_fingerprint(pack_path(pack.name, ""));
  }
  return text;
}

Result<UniqueFd> Mirror::lock() const {
  TRY(make_folders());
  const std::string path = in("lock");
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file.is_open()) {
    return fail(ErrorKind::unavailable, fmt::format("can't open {}: {}", path, reason()));
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::conflict,
                fmt::format("another primocane is fetching into {}", folder_.path));
  }
  return file;
}

Result<void> Mirror::make_folders() const {
  std::error_code error;
  const bool is_new = !fs::exists(in("refs"), error);
  TRY(make_folder(folder_.path));
  TRY(share());
  for (const std::string_view name : {"objects", "objects/pack", "incoming", "refs"}) {
    TRY(make_folder(in(name)));
  }
  if (is_new) TRY(sync_folder(folder_.path));
  return {};
}

bool Mirror::is_shared() const {
  for (const std::string_view name : {"", "objects", "objects/pack", "refs"}) {
    struct stat status = {};
    const bool is_folder = ::lstat(in(name).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (!is_folder) continue;  // made later, or refused as what it is
    const bool is_open = (status.st_mode & shared_folder_mode) == shared_folder_mode;
    if (status.st_gid != *folder_.readers || !is_open) return false;
  }
  return true;
}

// A mirror that came back from a backup, or was made for a user who has another number by now,
// belongs to another group or is closed to it: all that is in it is given to the readers.
Result<void> Mirror::share() const {
  if (!folder_.readers || is_shared()) return {};
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder_.path, error), end; !error && entry != end;
       entry.increment(error)) {
    paths.push_back(entry->path().string());
  }
  paths.push_back(folder_.path);  // last: it tells that the others are done
  if (error) return std::unexpected(os_error(folder_.path, error.value()));
  bool is_given = true;
  for (const std::string& path : paths) {
    is_given = is_given && ::lchown(path.c_str(), static_cast<uid_t>(-1), *folder_.readers) == 0;
    const fs::file_status entry = fs::symlink_status(path, error);
    if (is_given && fs::is_directory(entry)) {
      is_given = ::chmod(path.c_str(), shared_folder_mode) == 0;
    } else if (is_given && fs::is_regular_file(entry)) {
      fs::permissions(path, fs::perms::owner_read | fs::perms::group_read, fs::perm_options::add,
                      error);
    }
  }
  // Who lacks CAP_FSETID is told nothing by chmod(2), and the mode is another.
  const std::string why = is_given ? "the mode 2750 does not stay: CAP_FSETID is needed" : reason();
  if (is_given && is_shared()) return {};
  return fail(ErrorKind::unavailable, fmt::format("can't make {} readable for group {}: {}",
                                                  folder_.path, *folder_.readers, why));
}

void Mirror::clean(const MirrorState& state) const {
  remove_incoming();
  remove_packs_beside(state);
  remove_unfinished(folder_.path);
}

void Mirror::remove_packs_beside(const MirrorState& state) const {
  std::set<std::string> needed;
  for (const MirrorPack& pack : packs_of(state)) {
    needed.insert("pack-" + pack.name + ".pack");
    needed.insert("pack-" + pack.name + ".idx");
  }
  std::error_code error;
  for (fs::directory_iterator entry(in("objects/pack"), error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (!needed.contains(entry->path().filename().string())) fs::remove(entry->path(), ignored);
  }
}

Result<std::string> Mirror::make_incoming() const {
  std::string path = in("incoming/XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) {
    return fail(ErrorKind::unavailable, fmt::format("can't make folder {}: {}", path, reason()));
  }
  return path;
}

void Mirror::remove_incoming() const { remove_all_in(in("incoming")); }

Result<void> Mirror::install_pack(const std::string& incoming, const MirrorPack& pack) const {
  const std::string stem = fmt::format("{}/pack-{}", incoming, pack.name);
  const Result<void> checked = check_pack_files(stem, pack);
  if (!checked) {
    return fail(ErrorKind::invalid, "the new pack is odd: " + checked.error().message);
  }
  // git looks for indexes, so the pack is there before its index.
  TRY(rename_file(stem + ".pack", pack_path(pack.name, ".pack")));
  TRY(rename_file(stem + ".idx", pack_path(pack.name, ".idx")));
  return sync_folder(in("objects/pack"));
}

Result<void> Mirror::set_state(const MirrorState& state) const {
  TRY(replace_file(in(state_file), write_mirror_state(state), Durability::synced));
  if (!state.tip) return {};
  const Result<void> for_git = write_for_git(*state.tip);
  ignore(for_git, "git's own view of the mirror is a convenience for people");
  return {};
}

Result<void> Mirror::write_for_git(const MirrorTip& tip) const {
  std::string shallow;
  for (const CommitId& commit : tip.shallow) shallow += commit.str() + "\n";
  TRY(replace_file(in("shallow"), shallow, Durability::lazy));
  const std::string branch = tip.branch.empty() ? "followed" : tip.branch;
  TRY(replace_file(in("packed-refs"), fmt::format("{} refs/heads/{}\n", tip.commit.str(), branch),
                   Durability::lazy));
  TRY(replace_file(in("HEAD"), fmt::format("ref: refs/heads/{}\n", branch), Durability::lazy));
  return replace_file(in("config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
                      Durability::lazy);
}

}  // namespace primocane
