// SPDX-License-Identifier: Apache-2.0
#include "source/folder_tree.hpp"

#include "base/os_error.hpp"
#include "base/read_to_end.hpp"
#include "base/take_until.hpp"
#include "base/unique_fd.hpp"
#include "source/linked_tree.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t link_length_max = 4096;

std::unexpected<Error> unreadable(const RelativePath& path, int error) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", path.str(), describe_errno(error)));
}

// Git keeps its own things under this name, and no commit can hold it.
bool is_hidden(std::string_view name) { return name == ".git"; }

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// Every step is opened relative to the last one and never through a symlink, so that nobody who
// changes the folder meanwhile can lead us out of it.
class FolderTree final : public StoredTree {
 public:
  explicit FolderTree(UniqueFd root) : root_(std::move(root)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    if (path.is_root()) return EntryKind::folder;
    if (is_hidden(path.name())) return EntryKind::absent;
    const UniqueFd folder = TRY(open_folder(path.parent()));
    return kind_at(folder.get(), path);
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    const UniqueFd folder = TRY(open_folder(path.parent()));
    std::string target(link_length_max, '\0');
    const std::string name(path.name());
    const ssize_t length = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
    if (length < 0) return unreadable(path, errno);
    target.resize(static_cast<std::size_t>(length));
    return target;
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    UniqueFd folder = TRY(open_folder(path));
    const UniqueFd readable(::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!readable.is_open()) return unreadable(path, errno);
    const int copy = ::fcntl(readable.get(), F_DUPFD_CLOEXEC, 0);
    const std::unique_ptr<DIR, CloseFolder> entries(::fdopendir(copy));
    if (!entries) return unreadable(path, errno);
    std::vector<TreeEntry> listed;
    while (true) {
      errno = 0;
      const dirent* entry = ::readdir(entries.get());
      if (entry == nullptr) break;
      const std::string_view name = entry->d_name;
      if (name == "." || name == ".." || is_hidden(name)) continue;
      const RelativePath child = TRY(path.join(name));
      const EntryKind kind = TRY(kind_at(folder.get(), child));
      if (kind != EntryKind::absent) listed.push_back({std::string(name), kind});
    }
    if (errno != 0) return unreadable(path, errno);
    return listed;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    const UniqueFd folder = TRY(open_folder(path.parent()));
    const std::string name(path.name());
    // O_NONBLOCK: opening a FIFO must not wait for somebody who writes to it.
    const UniqueFd file(
        ::openat(folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file.is_open()) return unreadable(path, errno);
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return unreadable(path, errno);
    if (!S_ISREG(status.st_mode)) {
      return fail(ErrorKind::invalid, fmt::format("{} is no plain file", path.str()));
    }
    const ByteCount size(static_cast<std::uint64_t>(status.st_size));
    if (size > limit) return too_large(path, size, limit);
    return read_to_end(file.get(), path.str(), limit);  // it may have grown
  }

 private:
  static Result<EntryKind> kind_at(int folder, const RelativePath& path) {
    struct stat status{};
    const std::string name(path.name());
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return EntryKind::absent;
      return unreadable(path, errno);
    }
    if (S_ISDIR(status.st_mode)) return EntryKind::folder;
    return S_ISLNK(status.st_mode) ? EntryKind::symlink : EntryKind::file;
  }

  Result<UniqueFd> open_folder(const RelativePath& path) const {
    UniqueFd folder(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
    std::string_view rest = path.str();
    while (folder.is_open() && !rest.empty()) {
      const std::string component(take_until(rest, '/'));
      folder = UniqueFd(
          ::openat(folder.get(), component.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    }
    if (!folder.is_open()) return unreadable(path, errno);
    return folder;
  }

  UniqueFd root_;
};

}  // namespace

Result<std::unique_ptr<SourceTree>> open_folder_tree(const std::string& path) {
  return follow_links(TRY(open_stored_folder(path)));
}

Result<std::unique_ptr<StoredTree>> open_stored_folder(const std::string& path) {
  UniqueFd root(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.is_open()) {
    return fail(ErrorKind::invalid,
                fmt::format("folder {} can't be opened: {}", path, describe_errno(errno)));
  }
  return std::make_unique<FolderTree>(std::move(root));
}

}  // namespace primocane
