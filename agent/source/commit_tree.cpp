// SPDX-License-Identifier: Apache-2.0
#include "source/commit_tree.hpp"

#include "source/git_handles.hpp"
#include "source/linked_tree.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr ByteCount link_target_max{4096};

EntryKind kind_of(git_filemode_t mode) {
  switch (mode) {
    case GIT_FILEMODE_TREE:
      return EntryKind::folder;
    case GIT_FILEMODE_LINK:
      return EntryKind::symlink;
    case GIT_FILEMODE_COMMIT:
      return EntryKind::submodule;
    case GIT_FILEMODE_UNREADABLE:
    case GIT_FILEMODE_BLOB:
    case GIT_FILEMODE_BLOB_EXECUTABLE:
      break;
  }
  return EntryKind::file;
}

// Git writes no such names, but a server can send them.
bool is_sound_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

class CommitTree final : public StoredTree {
 public:
  CommitTree(std::unique_ptr<GitLibrary> library, GitOdb odb, GitRepositoryHandle repository,
             GitTree root)
      : library_(std::move(library)),
        odb_(std::move(odb)),
        repository_(std::move(repository)),
        root_(std::move(root)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    if (path.is_root()) return EntryKind::folder;
    const GitTreeEntry entry = TRY(find(path));
    return entry ? kind_of(git_tree_entry_filemode(entry.get())) : EntryKind::absent;
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    const GitTreeEntry entry = TRY(find(path));
    if (entry && git_tree_entry_filemode(entry.get()) == GIT_FILEMODE_COMMIT) {
      return to_commit_id(*git_tree_entry_id(entry.get())).str();
    }
    return read(path, link_target_max);
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    GitTree owned;
    if (!path.is_root()) {
      const GitTreeEntry entry = TRY(find(path));
      const git_oid* id = entry ? git_tree_entry_id(entry.get()) : nullptr;
      if (id != nullptr) owned = git_make<GitTree>(git_tree_lookup, repository_.get(), id);
      if (!owned) return damaged(path);
    }
    const git_tree* tree = path.is_root() ? root_.get() : owned.get();
    std::vector<TreeEntry> entries;
    const std::size_t count = git_tree_entrycount(tree);
    entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      const std::string_view name = git_tree_entry_name(entry);
      if (!is_sound_name(name)) {
        return fail(ErrorKind::invalid, fmt::format("{}: holds an entry named \"{}\"", path.str(),
                                                    printable(name, 40)));
      }
      entries.push_back({std::string(name), kind_of(git_tree_entry_filemode(entry))});
    }
    return entries;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    const GitTreeEntry entry = TRY(find(path));
    if (!entry) return damaged(path);
    const git_oid* id = git_tree_entry_id(entry.get());
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, odb_.get(), id) != 0) return damaged(path);
    if (ByteCount(size) > limit) return too_large(path, ByteCount(size), limit);
    const auto blob = git_make<GitOdbObject>(git_odb_read, odb_.get(), id);
    if (!blob || git_odb_object_type(blob.get()) != GIT_OBJECT_BLOB) return damaged(path);
    return std::string(static_cast<const char*>(git_odb_object_data(blob.get())),
                       git_odb_object_size(blob.get()));
  }

 private:
  // The entry at `path`, null if there is none. Not by git_tree_entry_bypath: it says "not found"
  // as well when the object of a folder on the way is lost.
  Result<GitTreeEntry> find(const RelativePath& path) const {
    GitTree owned;
    const git_tree* folder = root_.get();
    std::string_view rest = path.str();
    while (true) {
      const std::size_t slash = std::min(rest.find('/'), rest.size());
      const std::string name(rest.substr(0, slash));
      const git_tree_entry* entry = git_tree_entry_byname(folder, name.c_str());
      if (entry == nullptr) return GitTreeEntry();
      if (slash == rest.size()) {
        git_tree_entry* copy = nullptr;
        if (git_tree_entry_dup(&copy, entry) != 0) return damaged(path);
        return GitTreeEntry(copy);
      }
      if (git_tree_entry_filemode(entry) != GIT_FILEMODE_TREE) return GitTreeEntry();
      auto next = git_make<GitTree>(git_tree_lookup, repository_.get(), git_tree_entry_id(entry));
      if (!next) return damaged(path);
      owned = std::move(next);
      folder = owned.get();
      rest.remove_prefix(slash + 1);
    }
  }

  static std::unexpected<Error> damaged(const RelativePath& path) {
    return fail(ErrorKind::unavailable, fmt::format("{}: the mirror lacks it or is damaged ({})",
                                                    path.str(), git_error_text()));
  }

  std::unique_ptr<GitLibrary> library_;  // first, so that it is shut down last
  GitOdb odb_;
  GitRepositoryHandle repository_;
  GitTree root_;
};

}  // namespace

Result<std::unique_ptr<StoredTree>> open_stored_commit(const std::string& mirror_path,
                                                       const CommitId& commit) {
  const auto broken = [&](std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{} of commit {} can't be read from the mirror: {}",
                                                what, commit.str(), git_error_text()));
  };
  auto library = std::make_unique<GitLibrary>();
  const std::string objects = mirror_path + "/objects";
  auto odb = git_make<GitOdb>(git_odb_open, objects.c_str());
  if (!odb) return broken("the objects");
  // A repository of objects alone: no configuration, no refs, no hooks, no working copy.
  auto repository = git_make<GitRepositoryHandle>(git_repository_wrap_odb, odb.get());
  if (!repository) return broken("the objects");
  const git_oid oid = to_git_oid(commit);
  const auto object = git_make<GitCommit>(git_commit_lookup, repository.get(), &oid);
  if (!object) return broken("the header");
  auto root = git_make<GitTree>(git_commit_tree, object.get());
  if (!root) return broken("the root folder");
  return std::make_unique<CommitTree>(std::move(library), std::move(odb), std::move(repository),
                                      std::move(root));
}

Result<std::unique_ptr<SourceTree>> open_commit_tree(const std::string& mirror_path,
                                                     const CommitId& commit) {
  return follow_links(TRY(open_stored_commit(mirror_path, commit)));
}

}  // namespace primocane
