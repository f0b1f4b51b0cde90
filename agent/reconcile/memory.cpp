// SPDX-License-Identifier: Apache-2.0
// What a pass keeps on disk: the index and the applied revision, as caches.
#include "reconcile/memory.hpp"

#include "document/json.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::string_view index_name = "index";
constexpr std::string_view state_name = "state.json";
constexpr std::string_view state_format = "primocane.dev/state/1";

Result<Revision> read_revision(std::string_view bytes) {
  const Value state = TRY(read_json(bytes, state_name));
  if (state.text_at("format") != state_format) {
    return fail(ErrorKind::invalid, "state.json: written by another version");
  }
  CommitId commit = TRY(CommitId::parse(state.text_at("appliedCommit")));
  const WallTime committed_at = TRY(read_time(state.text_at("committedAt")));
  return Revision{.remote = std::string(state.text_at("remote")),
                  .branch = std::string(state.text_at("branch")),
                  .commit = std::move(commit),
                  .committed_at = committed_at};
}

std::string write_revision(const Revision& revision) {
  return write_json_pretty(Object{{"format", state_format},
                                  {"remote", revision.remote},
                                  {"branch", revision.branch},
                                  {"appliedCommit", revision.commit.str()},
                                  {"committedAt", write_time(revision.committed_at)}});
}

void warn(EventSink& events, std::string_view what, const Error& error) {
  events.emit({.kind = EventKind::pass_failed,
               .severity = Severity::warning,
               .message = fmt::format("{}: {}", what, error.message)});
}

}  // namespace

void load_memory(PassMemory& memory, StateStore& store, EventSink& events) {
  const Result<std::optional<std::string>> state = store.load(state_name);
  if (!state) warn(events, "the state is started anew", state.error());
  if (state && *state) {
    Result<Revision> revision = read_revision(**state);
    if (revision) {
      memory.applied = std::move(*revision);
    } else {
      warn(events, "the state is started anew", revision.error());
    }
  }
  const Result<std::optional<std::string>> bytes = store.load(index_name);
  if (!bytes) warn(events, "the index is started anew", bytes.error());
  if (bytes && *bytes) {
    Result<AppliedIndex> index = read_index(**bytes);
    if (index) {
      memory.index = std::move(*index);
    } else {
      warn(events, "the index is started anew", index.error());
    }
  }
}

Result<void> save_index(const AppliedIndex& index, StateStore& store) {
  return store.save(index_name, write_index(index));
}

Result<void> save_applied(const Revision& revision, StateStore& store) {
  return store.save(state_name, write_revision(revision));
}

}  // namespace primocane
