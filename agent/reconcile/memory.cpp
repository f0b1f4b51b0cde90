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

constexpr std::string_view applied_key = "applied";
constexpr std::string_view in_force_key = "inForce";
constexpr std::string_view root_key = "root";

Result<std::optional<Revision>> read_revision(const Value* value) {
  if (value == nullptr) return std::nullopt;
  CommitId commit = TRY(CommitId::parse(value->text_at("commit")));
  const WallTime committed_at = TRY(read_time(value->text_at("committedAt")));
  return Revision{.remote = std::string(value->text_at("remote")),
                  .branch = std::string(value->text_at("branch")),
                  .commit = std::move(commit),
                  .committed_at = committed_at};
}

Value write_revision(const Revision& revision) {
  return Object{{"remote", Value(revision.remote)},
                {"branch", Value(revision.branch)},
                {"commit", Value(revision.commit.str())},
                {"committedAt", Value(write_time(revision.committed_at))}};
}

std::optional<KustomizationName> read_root(const Value& state) {
  const std::string_view name_space = state.text_at(root_key, "namespace");
  const std::string_view name = state.text_at(root_key, "name");
  if (name_space.empty() || name.empty()) return std::nullopt;
  return KustomizationName{std::string(name_space), std::string(name)};
}

Result<void> read_revisions(std::string_view bytes, PassMemory& memory) {
  const Value state = TRY(read_json(bytes, state_name));
  if (state.text_at("format") != state_format) {
    return fail(ErrorKind::invalid, "state.json: written by another version");
  }
  std::optional<Revision> applied = TRY(read_revision(state.find(applied_key)));
  memory.in_force = TRY(read_revision(state.find(in_force_key)));
  memory.applied = std::move(applied);
  memory.root = read_root(state);
  return {};
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
    const Result<void> read = read_revisions(**state, memory);
    if (!read) warn(events, "the state is started anew", read.error());
  }
  const Result<std::optional<std::string>> bytes = store.load(index_name);
  if (!bytes) warn(events, "the index is started anew", bytes.error());
  if (bytes && *bytes) {
    Result<AppliedIndex> index = read_index(**bytes);
    if (index) {
      memory.index = std::move(*index);
      memory.saved_index = digest_of(memory.index);
    } else {
      warn(events, "the index is started anew", index.error());
    }
  }
}

Result<void> save_index(PassMemory& memory, StateStore& store) {
  const std::size_t digest = digest_of(memory.index);
  if (digest == memory.saved_index) return {};
  TRY(store.save(index_name, write_index(memory.index)));
  memory.saved_index = digest;
  return {};
}

Result<void> save_revisions(const PassMemory& memory, StateStore& store) {
  Object state{{"format", Value(state_format)}};
  if (memory.applied) state.set(applied_key, write_revision(*memory.applied));
  if (memory.in_force) state.set(in_force_key, write_revision(*memory.in_force));
  if (memory.root) {
    state.set(root_key,
              Object{{"namespace", memory.root->namespace_name}, {"name", memory.root->name}});
  }
  return store.save(state_name, write_json_pretty(Value(std::move(state))));
}

}  // namespace primocane
