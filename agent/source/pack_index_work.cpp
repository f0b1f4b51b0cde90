// SPDX-License-Identifier: Apache-2.0
#include "source/pack_index_work.hpp"

#include "base/os_error.hpp"
#include "source/commit_history.hpp"
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

PackAnswer work() {
  std::string rest;
  const Result<std::string> line = read_line(rest);
  if (!line) return line.error();
  const Result<PackRequest> request = read_pack_request(*line);
  if (!request) return request.error();
  if (const auto* check = std::get_if<CheckCommit>(&*request)) {
    return check_commit("./objects", *check);
  }
  const PackInput input = [&rest]() -> Result<std::string> {
    if (!rest.empty()) return std::exchange(rest, {});
    return read_input();
  };
  const Result<IndexedPack> pack = index_pack(std::get<IndexPack>(*request), ".", input);
  if (!pack) return pack.error();
  return *pack;
}

}  // namespace

int run_pack_index_work() {
  // A file over the box's limit shall be an error that can be told, not a signal.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::string line = write_pack_answer(work()) + "\n";
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return EXIT_FAILURE;
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  return EXIT_SUCCESS;
}

}  // namespace primocane
