// SPDX-License-Identifier: Apache-2.0
#include "source/pack_index_work.hpp"

#include "base/os_error.hpp"
#include "source/bundle_tree.hpp"
#include "source/commit_history.hpp"
#include "source/commit_tree.hpp"
#include "source/pack_indexer.hpp"
#include "source/pack_work.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
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

Result<void> print_bundle(const BundleCommit& request) {
  const auto tree = TRY(open_stored_commit(".", request.commit));
  return write_bundle(*tree, request.file_max, print);
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
  return EXIT_FAILURE;
}

}  // namespace primocane
