// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pauses.hpp"

#include "document/schema_reader.hpp"
#include "reconcile/parents.hpp"
#include "resource/applyset.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t names_told_max = 20;

std::vector<std::string> names_as_words(const std::set<KustomizationName>& names) {
  std::vector<std::string> words;
  words.reserve(names.size());
  for (const KustomizationName& name : names) words.push_back(to_string(name));
  return words;
}

std::string list_of(std::vector<std::string> names) {
  const std::size_t more = names.size() - std::min(names.size(), names_told_max);
  names.resize(names.size() - more);
  std::string list = fmt::format("{}", fmt::join(names, ", "));
  return more == 0 ? list : fmt::format("{} and {} more", list, more);
}

Error unknown_name(const std::set<KustomizationName>& known, std::string_view text) {
  std::vector<std::string> words = names_as_words(known);
  std::vector<std::string_view> candidates(words.begin(), words.end());
  for (const KustomizationName& name : known) candidates.push_back(name.name);
  const std::string_view meant = nearest(text, std::span<const std::string_view>(candidates));
  std::string message = fmt::format("there is no Kustomization \"{}\"", text);
  if (!meant.empty()) message += fmt::format("; did you mean {}?", meant);
  return {ErrorKind::invalid, fmt::format("{}; known are: {}", message, list_of(words))};
}

// As long as the server's words fit: seconds are what an annotation holds.
WallTime end_of_pause(WallTime now, std::chrono::seconds duration) {
  return std::chrono::ceil<std::chrono::seconds>(now + duration);
}

// kustomize-controller deletes nothing of what is suspended, also when it leaves Git.
void begin_pause(Parent& parent, const Pause& pause) {
  parent.pause = pause;
  parent.on_removal = OnRemoval::orphan;
  parent.removal_wait = {};
}

}  // namespace

Result<KustomizationName> find_named(const std::set<KustomizationName>& known,
                                     std::string_view text) {
  std::set<KustomizationName> found;
  for (const KustomizationName& name : known) {
    if (name.name == text || to_string(name) == text) found.insert(name);
  }
  if (found.empty()) return std::unexpected(unknown_name(known, text));
  if (found.size() == 1) return *found.begin();
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is the name of several Kustomizations: {}",
                                              text, list_of(names_as_words(found))));
}

void mark_pauses(KustomizationStates& states, const std::map<KustomizationName, Pause>& pauses,
                 const KustomizationName& root) {
  const auto of = [&pauses](const KustomizationName& name) {
    const auto found = pauses.find(name);
    return found == pauses.end() ? std::optional<Pause>() : found->second;
  };
  const std::optional<Pause> of_root = of(root);
  for (auto& [name, state] : states) {
    state.pause = of(name);
    state.pause_of_root = name == root ? std::nullopt : of_root;
  }
}

std::optional<SteadyTime> next_end(const std::map<KustomizationName, Pause>& pauses,
                                   const Clock& clock) {
  std::optional<SteadyTime> next;
  for (const auto& [name, pause] : pauses) {
    // What is over and could not be ended waits for the next pass, whenever that is.
    if (!pause.until || is_over(pause, clock.wall_now())) continue;
    const SteadyTime end = clock.now() + (*pause.until - clock.wall_now());
    if (!next || end < *next) next = end;
  }
  return next;
}

Task<void> Pauses::carry_out(KustomizationName root) {
  std::vector<PauseRequest> requests = std::exchange(open_, {});
  for (PauseRequest& request : requests) {
    Result<PauseAnswer> answer = co_await carry_out_one(request, root);
    answered_.push_back({.request = std::move(request), .answer = std::move(answer)});
  }
}

Task<Result<PauseAnswer>> Pauses::carry_out_one(PauseRequest request, KustomizationName root) {
  PauseAnswer answer;
  answer.name = root;
  if (!request.kustomization.empty()) {
    CO_TRY(answer.name, find_named(known(), request.kustomization));
  }
  answer.is_root = answer.name == root;
  answer.was_paused = in_force(answer.name).has_value();
  if (request.verb == PauseVerb::suspend) {
    Pause pause;
    if (request.duration) pause.until = end_of_pause(clock_.wall_now(), *request.duration);
    CO_CHECK(co_await suspend(answer.name, pause));
  } else {
    CO_CHECK(co_await resume(answer.name));
  }
  answer.pause = in_force(answer.name);
  answer.is_paused_with_all = !answer.is_root && in_force(root).has_value();
  const auto state = memory_.kustomizations.find(answer.name);
  answer.is_suspended_in_git =
      state != memory_.kustomizations.end() && state->second.spec.is_suspended;
  co_return answer;
}

Task<Result<void>> Pauses::suspend(KustomizationName name, Pause pause) {
  CO_CHECK(co_await require_leave());
  LiveParent parent = parent_of(name);
  begin_pause(parent.parent, pause);
  Result<void> written = co_await write(std::move(parent));
  if (written || written.error().kind != ErrorKind::conflict) co_return written;
  // What is in sight may lag behind, and so does who has just begun.
  CO_TRY(LiveParent fresh, co_await look_again(name));
  begin_pause(fresh.parent, pause);
  written = co_await write(std::move(fresh));
  co_return written;
}

Task<Result<void>> Pauses::resume(KustomizationName name) {
  LiveParent parent = parent_of(name);
  if (!parent.parent.pause) co_return Result<void>();
  CO_CHECK(co_await require_leave());
  Result<void> ended = co_await end(std::move(parent));
  if (ended || ended.error().kind != ErrorKind::conflict) co_return ended;
  CO_TRY(LiveParent fresh, co_await look_again(name));
  if (!fresh.parent.pause) co_return Result<void>();
  ended = co_await end(std::move(fresh));
  co_return ended;
}

Task<Result<void>> Pauses::write(LiveParent parent) {
  CO_TRY(parent.resource_version,
         co_await apply_parent(cluster_, parent.parent, parent.resource_version));
  std::string id = parent.parent.id;
  sight_.view.parents.insert_or_assign(std::move(id), std::move(parent));
  co_return Result<void>();
}

// By a patch: an apply leaves what somebody else wrote there.
Task<Result<void>> Pauses::end(LiveParent parent) {
  PatchRequest request{.id = parent_id(parent.parent.kustomization),
                       .version = "v1",
                       .body = resume_patch(),
                       .uid = {},
                       .resource_version = parent.resource_version};
  CO_TRY(LiveObject live, co_await cluster_.patch(std::move(request)));
  parent.resource_version = std::move(live.resource_version);
  parent.parent.pause.reset();
  std::string id = parent.parent.id;
  sight_.view.parents.insert_or_assign(std::move(id), std::move(parent));
  co_return Result<void>();
}

// Why not has been told as well, which is no reason not to answer.
Task<Result<void>> Pauses::require_leave() {
  Result<void> absent = co_await flux_.require_absence();
  if (absent || absent.error().kind != ErrorKind::cancelled) co_return absent;
  co_return fail(ErrorKind::denied, absent.error().message);
}

Task<Result<LiveParent>> Pauses::look_again(KustomizationName name) {
  const LiveParent seen = parent_of(name);
  CO_TRY(std::optional<LiveParent> found, co_await find_parent(cluster_, name));
  LiveParent fresh = found ? std::move(*found) : LiveParent{};
  fresh.parent.kustomization = name;
  fresh.parent.id = applyset_id(name);
  // At worst it is written once more.
  if (found) fresh.parent.rendering = seen.parent.rendering;
  co_return fresh;
}

LiveParent Pauses::parent_of(const KustomizationName& name) const {
  if (const LiveParent* parent = live_parent(sight_.view, name)) return *parent;
  LiveParent parent;
  parent.parent.kustomization = name;
  parent.parent.id = applyset_id(name);
  return parent;
}

std::set<KustomizationName> Pauses::known() const {
  std::set<KustomizationName> known;
  for (const auto& [name, state] : memory_.kustomizations) known.insert(name);
  for (const auto& [id, live] : sight_.view.parents) known.insert(live.parent.kustomization);
  return known;
}

std::optional<Pause> Pauses::in_force(const KustomizationName& name) const {
  const LiveParent* parent = live_parent(sight_.view, name);
  if (parent == nullptr || !parent->parent.pause) return std::nullopt;
  if (is_over(*parent->parent.pause, clock_.wall_now())) return std::nullopt;
  return parent->parent.pause;
}

Task<void> Pauses::take_up() {
  std::map<KustomizationName, Pause> pauses;
  std::vector<LiveParent> over;
  for (const auto& [id, live] : sight_.view.parents) {
    if (!live.parent.pause) continue;
    if (is_over(*live.parent.pause, clock_.wall_now())) {
      over.push_back(live);
    } else {
      pauses.emplace(live.parent.kustomization, *live.parent.pause);
    }
  }
  co_await bring_back(pauses);
  voice_.pauses(memory_.pauses, pauses);
  memory_.pauses = std::move(pauses);
  const bool is_ours_to_end = turn_ == nullptr || turn_->is_first();
  if (over.empty() || !is_ours_to_end) co_return;
  // Where nothing may be written they are as over, and told to be in the way by who writes next.
  const Result<void> absent = co_await flux_.require_absence();
  if (!absent) co_return;
  for (LiveParent& parent : over) {
    const Subject subject{.name = parent.parent.kustomization, .revision = {}};
    const Result<void> ended = co_await end(std::move(parent));
    if (!ended) voice_.stuck(subject, with_context("ApplySet parent", ended.error()));
  }
}

// To resume is to take the annotation away: a parent that somebody deleted comes back with it.
Task<void> Pauses::bring_back(std::map<KustomizationName, Pause>& pauses) {
  for (const auto& [name, pause] : memory_.pauses) {
    const bool is_lost = live_parent(sight_.view, name) == nullptr &&
                         memory_.kustomizations.contains(name) &&
                         !is_over(pause, clock_.wall_now());
    if (!is_lost) continue;
    pauses.emplace(name, pause);
    const Result<void> written = co_await suspend(name, pause);
    const Subject subject{.name = name, .revision = {}};
    if (!written) voice_.stuck(subject, with_context("ApplySet parent", written.error()));
  }
}

std::vector<AnsweredPause> Pauses::answers(const Result<void>& passed) {
  for (PauseRequest& request : std::exchange(open_, {})) {
    Error error = passed ? Error{ErrorKind::unavailable, {}} : passed.error();
    const bool is_told = error.message.empty();
    if (is_told) {
      error = {ErrorKind::unavailable,
               "what Git says is not known yet, so that no Kustomization is: see primocane status"};
    }
    answered_.push_back({.request = std::move(request), .answer = std::unexpected(error)});
  }
  return std::move(answered_);
}

}  // namespace primocane
