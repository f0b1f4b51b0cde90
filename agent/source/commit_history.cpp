// SPDX-License-Identifier: Apache-2.0
#include "source/commit_history.hpp"

#include "source/git_handles.hpp"
#include "source/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace primocane {

namespace {

struct OidHash {
  std::size_t operator()(const git_oid& oid) const {
    std::size_t hash = 0;
    std::memcpy(&hash, oid.id, sizeof(hash));
    return hash;
  }
};
struct OidEqual {
  bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_equal(&a, &b) != 0; }
};
using OidSet = std::unordered_set<git_oid, OidHash, OidEqual>;

// Objects as libgit2 wants them: a repository without anything else.
struct Objects {
  GitOdb odb;
  GitRepositoryHandle repository;
};

Result<Objects> with_repository(GitOdb odb) {
  Objects objects;
  objects.odb = std::move(odb);
  if (objects.odb) {
    objects.repository = git_make<GitRepositoryHandle>(git_repository_wrap_odb, objects.odb.get());
  }
  if (!objects.repository) {
    return fail(ErrorKind::unavailable, "the objects can't be opened: " + git_error_text());
  }
  return objects;
}

Result<Objects> open_pack(const std::string& index_path) {
  auto odb = git_make<GitOdb>(git_odb_new);
  git_odb_backend* pack = nullptr;
  if (!odb || git_odb_backend_one_pack(&pack, index_path.c_str()) != 0 ||
      git_odb_add_backend(odb.get(), pack, 1) != 0) {
    return fail(ErrorKind::unavailable, "the new pack can't be opened: " + git_error_text());
  }
  return with_repository(std::move(odb));
}

// Walks a whole tree; the reason why it is not whole, or "".
class TreeCheck {
 public:
  TreeCheck(const Objects& objects, const CheckCommit& request)
      : objects_(objects), request_(request) {}

  std::string run(const git_oid& root) {
    add(root, pending_);
    while (!pending_.empty()) {
      const git_oid oid = pending_.back();
      pending_.pop_back();
      const auto tree = git_make<GitTree>(git_tree_lookup, objects_.repository.get(), &oid);
      if (!tree) return lost("folder", oid);
      for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
        std::string reason = add_entry(*git_tree_entry_byindex(tree.get(), i));
        if (!reason.empty()) return reason;
      }
    }
    return {};
  }

 private:
  std::string add_entry(const git_tree_entry& entry) {
    const git_oid& oid = *git_tree_entry_id(&entry);
    const git_object_t type = git_tree_entry_type(&entry);
    if (type == GIT_OBJECT_TREE) {
      add(oid, pending_);
      return {};
    }
    if (type == GIT_OBJECT_COMMIT) return {};  // a submodule: its commit is in another repository
    if (!seen_.insert(oid).second) return {};
    return is_sound(oid) ? std::string() : lost("file", oid);
  }

  void add(const git_oid& oid, std::vector<git_oid>& pending) {
    if (seen_.insert(oid).second) pending.push_back(oid);
  }

  bool is_sound(const git_oid& oid) const {
    if (request_.depth == CheckDepth::presence)
      return git_odb_exists(objects_.odb.get(), &oid) != 0;
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, objects_.odb.get(), &oid) != 0) return false;
    if (ByteCount(size) > request_.blob_max) return true;
    // Reading compares the content with its name.
    return git_make<GitOdbObject>(git_odb_read, objects_.odb.get(), &oid) != nullptr;
  }

  static std::string lost(std::string_view what, const git_oid& oid) {
    return fmt::format("the object {} of a {} is missing or damaged", to_commit_id(oid).str(),
                       what);
  }

  const Objects& objects_;
  const CheckCommit& request_;
  OidSet seen_;
  std::vector<git_oid> pending_;
};

}  // namespace

Result<CommitHistory> look_for_ancestors(const std::string& index_path, const CommitId& tip,
                                         const std::vector<CommitId>& look_for) {
  const GitLibrary library;
  const Objects objects = TRY(open_pack(index_path));
  CommitHistory history{.distances = std::vector<std::optional<std::uint64_t>>(look_for.size()),
                        .is_cut = false,
                        .committed_at = {}};
  OidSet seen;
  std::deque<std::pair<git_oid, std::uint64_t>> pending;
  const auto visit = [&](const git_oid& oid, std::uint64_t distance) {
    if (!seen.insert(oid).second) return;
    pending.emplace_back(oid, distance);
    const auto found = std::ranges::find(look_for, to_commit_id(oid));
    if (found != look_for.end()) {
      history.distances[static_cast<std::size_t>(found - look_for.begin())] = distance;
    }
  };
  visit(to_git_oid(tip), 0);
  while (!pending.empty()) {
    const auto [oid, distance] = pending.front();
    pending.pop_front();
    const auto commit = git_make<GitCommit>(git_commit_lookup, objects.repository.get(), &oid);
    if (!commit) {
      if (distance == 0) {
        return fail(ErrorKind::invalid,
                    fmt::format("the Git server did not send commit {}", tip.str()));
      }
      history.is_cut = true;
      continue;
    }
    if (distance == 0) history.committed_at = to_commit_time(git_commit_time(commit.get()));
    for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      visit(*git_commit_parent_id(commit.get(), i), distance + 1);
    }
  }
  return history;
}

PackAnswer check_commit(const std::string& objects_folder, const CheckCommit& request) {
  const GitLibrary library;
  const Result<Objects> objects =
      with_repository(git_make<GitOdb>(git_odb_open, objects_folder.c_str()));
  if (!objects) return objects.error();
  const git_oid oid = to_git_oid(request.commit);
  const auto commit = git_make<GitCommit>(git_commit_lookup, objects->repository.get(), &oid);
  if (!commit) return IncompleteCommit{"the commit is missing or damaged"};
  std::string reason = TreeCheck(*objects, request).run(*git_commit_tree_id(commit.get()));
  if (!reason.empty()) return IncompleteCommit{std::move(reason)};
  return CompleteCommit{to_commit_time(git_commit_time(commit.get()))};
}

PackAnswer read_signed_object(const std::string& objects_folder, const ReadSigned& request) {
  const GitLibrary library;
  const auto odb = git_make<GitOdb>(git_odb_open, objects_folder.c_str());
  if (!odb) return Error{ErrorKind::unavailable, "can't open the objects: " + git_error_text()};
  const git_oid oid = to_git_oid(request.object);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb.get(), &oid) != 0) {
    return IncompleteCommit{"the object is missing or damaged"};
  }
  if (type != (request.is_tag ? GIT_OBJECT_TAG : GIT_OBJECT_COMMIT)) {
    return Error{ErrorKind::invalid, fmt::format("object {} is no {}", request.object.str(),
                                                 request.is_tag ? "tag" : "commit")};
  }
  if (size > signed_object_max) {
    return Error{ErrorKind::invalid, fmt::format("object {} is larger than {} bytes",
                                                 request.object.str(), signed_object_max)};
  }
  // Reading compares the content with its name.
  const auto object = git_make<GitOdbObject>(git_odb_read, odb.get(), &oid);
  if (!object) return IncompleteCommit{"the object is missing or damaged"};
  const std::string_view bytes(static_cast<const char*>(git_odb_object_data(object.get())),
                               git_odb_object_size(object.get()));
  Result<SignedContent> content = request.is_tag ? split_tag(bytes) : split_commit(bytes);
  if (!content) {
    return with_context(fmt::format("object {}", request.object.str()), std::move(content).error());
  }
  return std::move(*content);
}

}  // namespace primocane
