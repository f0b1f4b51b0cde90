// SPDX-License-Identifier: Apache-2.0
#include "source/git_remote.hpp"

#include "base/bytes.hpp"
#include "source/fetch_answer.hpp"

#include <cstdint>
#include <utility>

namespace primocane {

namespace {

// A list of a million refs; only servers without protocol v2 send such.
constexpr std::uint64_t refs_size_max = 128ULL * 1024 * 1024;

Error cut() {
  return Error{ErrorKind::unavailable, "the Git server's answer was cut before its end"};
}

// Reads `stream` into `reader`, which has add() and is_complete(), until that is complete.
template <typename Reader>
Task<Result<void>> read_refs(GitStream* stream, Reader* reader) {
  std::uint64_t size = 0;
  while (!reader->is_complete()) {
    auto piece = co_await stream->read();
    if (!piece) co_return std::unexpected(std::move(piece).error());
    if (piece->empty()) co_return std::unexpected(cut());
    size += piece->size();
    if (size > refs_size_max) {
      co_return fail(ErrorKind::invalid, "the Git server's list of refs is larger than " +
                                             to_string(ByteCount(refs_size_max)));
    }
    CO_CHECK(reader->add(*piece));
  }
  co_return Result<void>();
}

}  // namespace

Task<Result<RemoteRefs>> GitRemote::refs(std::vector<std::string> names) {
  const bool is_stateful = transport_.is_stateful();
  std::optional<RemoteRefs> greeted;
  if (is_stateful || memory_.dialect == GitDialect::v0) {
    CO_TRY(RemoteRefs found, co_await greet(names));
    greeted = std::move(found);
  }
  if (!greeted) {
    RefsAttempt attempt = co_await ask_for_refs(names);
    // Most servers speak v2, so it is tried without a question. One that does not answers with
    // some error, and so does one that has moved; its greeting tells.
    const bool may_be_old = attempt.was_answered && memory_.dialect != GitDialect::v2;
    if (attempt.refs || !may_be_old || attempt.refs.error().kind == ErrorKind::denied) {
      if (attempt.refs) memory_.dialect = GitDialect::v2;
      co_return std::move(attempt.refs);
    }
    CO_TRY(RemoteRefs found, co_await greet(names));
    greeted = std::move(found);
  }
  if (memory_.dialect == GitDialect::v0) co_return std::move(*greeted);
  RefsAttempt attempt = co_await ask_for_refs(std::move(names));
  co_return std::move(attempt.refs);
}

Task<Result<RemoteRefs>> GitRemote::greet(std::vector<std::string> names) {
  CO_TRY(const std::unique_ptr<GitStream> stream, co_await transport_.greet());
  GreetingReader reader(std::move(names));
  CO_CHECK(co_await read_refs(stream.get(), &reader));
  memory_.capabilities = reader.capabilities();
  memory_.dialect = reader.capabilities().dialect;
  is_greeted_ = transport_.is_stateful();
  has_fetched_ = false;
  co_return reader.take_refs();
}

Task<GitRemote::RefsAttempt> GitRemote::ask_for_refs(std::vector<std::string> names) {
  auto stream = co_await transport_.ask(ls_refs_request(names));
  if (!stream) co_return RefsAttempt{std::unexpected(std::move(stream).error()), false};
  LsRefsReader reader(std::move(names));
  Result<void> read = co_await read_refs(stream->get(), &reader);
  const bool was_answered = (*stream)->was_answered();
  if (!read) co_return RefsAttempt{std::unexpected(std::move(read).error()), was_answered};
  co_return RefsAttempt{reader.take_refs(), was_answered};
}

Task<Result<GitCapabilities>> GitRemote::capabilities() {
  // The older protocols end a conversation with its first pack. With protocol v2 git-upload-pack
  // goes on, but cuts the history of each further pack where it cut the last (shallow.c keeps its
  // grafts, upload-pack.c its marks), whatever depth is asked for.
  if (is_greeted_ && has_fetched_) co_await leave();
  const bool is_known = transport_.is_stateful() ? is_greeted_ : memory_.capabilities.has_value();
  if (!is_known) {
    auto greeted = co_await greet({});
    if (!greeted) co_return std::unexpected(std::move(greeted).error());
  }
  co_return *memory_.capabilities;
}

Task<Result<std::vector<CommitId>>> GitRemote::fetch(FetchRequest request, PackSink* sink) {
  CO_TRY(const GitCapabilities server, co_await capabilities());
  CO_TRY(std::string message, fetch_message(request, server));
  CO_TRY(const std::unique_ptr<GitStream> stream, co_await transport_.ask(std::move(message)));
  has_fetched_ = true;
  FetchAnswerReader reader(server.dialect, server.has_shallow);
  while (!reader.is_complete()) {
    CO_TRY(const std::string piece, co_await stream->read());
    if (piece.empty()) co_return std::unexpected(cut());
    CO_TRY(std::string pack, reader.add(piece));
    if (!pack.empty()) {
      CO_CHECK(co_await sink->take(std::move(pack)));
    }
  }
  co_return reader.shallow();
}

Task<void> GitRemote::leave() {
  is_greeted_ = false;
  has_fetched_ = false;
  co_await transport_.leave();
}

}  // namespace primocane
