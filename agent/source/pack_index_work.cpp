// SPDX-License-Identifier: Apache-2.0
#include "source/pack_index_work.hpp"

#include "base/child_process.hpp"
#include "base/os_error.hpp"
#include "base/unique_fd.hpp"
#include "source/bundle_tree.hpp"
#include "source/commit_history.hpp"
#include "source/commit_tree.hpp"
#include "source/folder_tree.hpp"
#include "source/linked_tree.hpp"
#include "source/mounted_tree.hpp"
#include "source/pack_indexer.hpp"
#include "source/pack_work.hpp"
#include "source/resolved_tree.hpp"
#include "source/sparse_tree.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <variant>

namespace primocane {

namespace {

constexpr std::size_t request_max = 64UL * 1024;
constexpr std::size_t piece_size = 64UL * 1024;

Result<std::string> read_input() {
  std::string piece(piece_size, '\0');
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return std::unexpected(os_error("the pipe of the pack", errno));
    }
    piece.resize(static_cast<std::size_t>(count));
    return piece;
  }
}

// The request line; what followed it in the same piece goes to `rest`.
Result<std::string> read_line(std::string& rest) {
  std::string line;
  while (true) {
    const std::string piece = TRY(read_input());
    const std::size_t end = piece.find('\n');
    line += piece.substr(0, end);
    if (end != std::string::npos) {
      rest = piece.substr(end + 1);
      return line;
    }
    if (piece.empty() || line.size() > request_max) {
      return fail(ErrorKind::invalid, "expected a request of one line");
    }
  }
}

Result<void> print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::unexpected(os_error("the pipe of the answer", errno));
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

// A commit that is asked for was there.
Result<std::unique_ptr<StoredTree>> open_commit(const CommitId& commit) {
  Result<std::unique_ptr<StoredTree>> tree = open_stored_commit(".", commit);
  if (tree) return tree;
  return fail(ErrorKind::unavailable, std::move(tree).error().message);
}

Result<void> print_bundle(const BundleCommit& request) {
  const auto tree = TRY(open_commit(request.commit));
  return write_bundle(*tree, request.file_max, print);
}

// What is damaged is told by the error of the read that finds it.
Result<std::unique_ptr<StoredTree>> open_given(int file) {
  return open_stored_bundle(UniqueFd(file), [] {});
}

Result<std::unique_ptr<StoredTree>> open_place(const BundlePart& request) {
  switch (request.place) {
    case TreePlace::commit:
      return open_commit(*request.commit);
    case TreePlace::bundle:
      return open_given(first_boxed_file);
    case TreePlace::folder:
      break;
  }
  return open_stored_folder(".");
}

Result<void> print_part(const BundlePart& request) {
  std::unique_ptr<StoredTree> tree = TRY(open_place(request));
  if (request.shape) tree = TRY(shape_tree(std::move(tree), *request.shape));
  tree = TRY(part_of_tree(resolve_links(follow_links(std::move(tree))), request.part));
  return write_bundle(*tree, request.file_max, print);
}

Result<void> print_composed(const ComposeCommit& request) {
  std::unique_ptr<StoredTree> tree = TRY(open_commit(request.commit));
  if (!request.sparse.empty()) tree = TRY(sparse_tree(std::move(tree), request.sparse));
  int file = first_boxed_file;
  for (const TreeAddition& addition : request.additions) {
    std::unique_ptr<StoredTree> added = TRY(open_given(file++));
    if (addition.role == TreeAddition::Role::submodule) {
      tree = TRY(fill_submodule(std::move(tree), addition.at, std::move(added)));
      continue;
    }
    TreeInclusion inclusion{.tree = std::move(added), .from = addition.from, .at = addition.at};
    Result<std::unique_ptr<StoredTree>> composed =
        include_tree(std::move(tree), std::move(inclusion));
    if (!composed) {
      return std::unexpected(with_context(
          fmt::format("spec.include: toPath \"{}\"", addition.at.str()), composed.error()));
    }
    tree = std::move(*composed);
  }
  return write_bundle(*tree, request.file_max, print);
}

Result<SubmoduleList> list_submodules(const ListSubmodules& request) {
  std::unique_ptr<StoredTree> tree =
      TRY(request.commit ? open_commit(*request.commit) : open_given(first_boxed_file));
  const auto urls = TRY(gitmodules_of(*tree));
  if (!request.sparse.empty()) tree = TRY(sparse_tree(std::move(tree), request.sparse));
  SubmoduleList list;
  list.submodules = TRY(submodules_of(*tree, urls));
  return list;
}

PackAnswer index(const IndexPack& request, std::string rest) {
  const PackInput input = [&rest]() -> Result<std::string> {
    if (!rest.empty()) return std::exchange(rest, {});
    return read_input();
  };
  const Result<IndexedPack> pack = index_pack(request, ".", input);
  if (!pack) return pack.error();
  return *pack;
}

// Does what is asked and prints what comes of it.
Result<void> work() {
  const auto answer = [](const PackAnswer& said) { return print(write_pack_answer(said) + "\n"); };
  std::string rest;
  const Result<std::string> line = read_line(rest);
  if (!line) return answer(line.error());
  const Result<PackRequest> request = read_pack_request(*line);
  if (!request) return answer(request.error());
  if (const auto* bundle = std::get_if<BundleCommit>(&*request)) return print_bundle(*bundle);
  if (const auto* part = std::get_if<BundlePart>(&*request)) return print_part(*part);
  if (const auto* compose = std::get_if<ComposeCommit>(&*request)) return print_composed(*compose);
  if (const auto* list = std::get_if<ListSubmodules>(&*request)) {
    const Result<SubmoduleList> found = list_submodules(*list);
    return found ? answer(*found) : answer(found.error());
  }
  if (const auto* check = std::get_if<CheckCommit>(&*request)) {
    return answer(check_commit("./objects", *check));
  }
  if (const auto* read = std::get_if<ReadSigned>(&*request)) {
    return answer(read_signed_object("./objects", *read));
  }
  return answer(index(std::get<IndexPack>(*request), std::move(rest)));
}

}  // namespace

int run_pack_index_work() {
  // A file over the box's limit shall be an error that can be told, not a signal.
  std::signal(SIGXFSZ, SIG_IGN);
  const Result<void> done = work();
  if (done) return EXIT_SUCCESS;
  std::fprintf(stderr, "%s", done.error().message.c_str());
  return done.error().kind == ErrorKind::invalid ? exit_wrong_tree : EXIT_FAILURE;
}

}  // namespace primocane
