// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_mover.hpp"

#include "document/json.hpp"
#include "reconcile/flux_return.hpp"
#include "reconcile/flux_survey.hpp"
#include "reconcile/observe.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// How often somebody else may write an object between our look and our patch.
constexpr int patch_rounds = 8;
// Flux may apply until it is stopped; what it still did is seen by another look.
constexpr int adoption_rounds = 4;
constexpr std::chrono::seconds stop_pause(1);

// Of whole kinds of objects, Secrets among them, the metadata tells enough.
bool needs_only_metadata(MoveAction action) {
  return action == MoveAction::take_over || action == MoveAction::give_back;
}

bool is_before_take_over(const FluxMove& move) {
  return move.action == MoveAction::suspend || move.action == MoveAction::stop;
}

std::function<void(const Value&)> keep_in(std::optional<Value>& found) {
  return [&found](const Value& object) { found = object; };
}

MetadataQuery metadata_of_object(const ResourceId& id) {
  return {.group_kind = id.group_kind(),
          .namespace_name = id.namespace_name,
          .label_selector = {},
          .name = id.name};
}

// No coroutine: GCC 12 destroys the elements of an initializer list in one twice.
std::string finalizers_patch() {
  return write_json(
      Array{Object{{"op", "add"}, {"path", "/metadata/finalizers"}, {"value", Array()}}});
}

PatchRequest patch_request_of(const ResourceId& id, std::string body, const Value& seen) {
  return {.id = id,
          .version = {},
          .body = std::move(body),
          .uid = std::string(seen.text_at("metadata", "uid")),
          .resource_version = std::string(seen.text_at("metadata", "resourceVersion"))};
}

DeleteRequest delete_request_of(const ResourceId& id, const Value& seen) {
  return {.id = id,
          .version = {},
          .uid = std::string(seen.text_at("metadata", "uid")),
          .resource_version = std::string(seen.text_at("metadata", "resourceVersion"))};
}

Error at_step(const FluxMove& move, const Error& error) {
  return with_context(fmt::format("{}: {}", to_string(move.id), to_string(move.action)), error);
}

// Makes the moves, one after another.
class Mover {
 public:
  Mover(Cluster& cluster, EventLoop& loop) : cluster_(cluster), loop_(loop) {}

  Task<Result<void>> make_all(const std::vector<FluxMove>& moves) {
    for (const FluxMove& move : moves) {
      const Result<void> made = co_await make(move);
      if (!made) co_return std::unexpected(at_step(move, made.error()));
    }
    co_return Result<void>();
  }

 private:
  Task<Result<void>> make(const FluxMove& move) {
    switch (move.action) {
      case MoveAction::suspend:
      case MoveAction::take_over:
      case MoveAction::unmanage:
      case MoveAction::give_back:
      case MoveAction::start:
      case MoveAction::resume:
        co_return co_await patch(move);
      case MoveAction::stop:
        CO_CHECK(co_await patch(move));
        co_return co_await wait_for_end(move.id);
      case MoveAction::drop:
      case MoveAction::forget:
        co_return co_await remove(move.id);
      case MoveAction::let_go:
        co_return co_await let_go(move.id);
    }
    co_return Result<void>();
  }

  Task<Result<std::optional<Value>>> look(const FluxMove& move) {
    if (!needs_only_metadata(move.action)) co_return co_await cluster_.get(move.id, std::string());
    co_return co_await look_at_metadata(move.id);
  }

  Task<Result<std::optional<Value>>> look_at_metadata(const ResourceId& id) {
    std::optional<Value> found;
    MetadataQuery query = metadata_of_object(id);
    std::function<void(const Value&)> each = keep_in(found);
    CO_CHECK(co_await cluster_.list_metadata(std::move(query), std::move(each)));
    co_return found;
  }

  // What is not there any more needs nothing.
  Task<Result<void>> patch(const FluxMove& move) {
    for (int round = 1;; ++round) {
      CO_TRY(const std::optional<Value> object, co_await look(move));
      if (!object) co_return Result<void>();
      std::optional<std::string> body = patch_of(move.action, *object);
      if (!body) co_return Result<void>();
      PatchRequest request = patch_request_of(move.id, std::move(*body), *object);
      const Result<LiveObject> patched = co_await cluster_.patch(std::move(request));
      if (patched) co_return Result<void>();
      const bool is_other = patched.error().kind == ErrorKind::conflict;
      if (!is_other || round == patch_rounds) co_return std::unexpected(patched.error());
    }
  }

  Task<Result<void>> wait_for_end(const ResourceId& deployment) {
    const SteadyTime end = loop_.clock().now() + flux_stop_max;
    for (;;) {
      CO_TRY(const std::optional<Value> object, co_await cluster_.get(deployment, std::string()));
      if (!object || !has_pods(*object)) co_return Result<void>();
      if (loop_.clock().now() >= end) {
        co_return fail(
            ErrorKind::unavailable,
            fmt::format("it still has pods after {} seconds; see kubectl get pods -n {}, "
                        "then run the command again, which goes on here",
                        flux_stop_max.count(), deployment.namespace_name));
      }
      co_await sleep_for(loop_, stop_pause);
    }
  }

  Task<Result<void>> remove(const ResourceId& id) {
    for (int round = 1;; ++round) {
      CO_TRY(const std::optional<Value> object, co_await look_at_metadata(id));
      if (!object) co_return Result<void>();
      DeleteRequest request = delete_request_of(id, *object);
      const Result<Removed> removed = co_await cluster_.remove(std::move(request));
      if (removed) co_return Result<void>();
      const bool is_other = removed.error().kind == ErrorKind::conflict;
      if (!is_other || round == patch_rounds) co_return std::unexpected(removed.error());
    }
  }

  // The Helm controller leaves it alone by now, so that nobody takes its finalizer off. Deleted
  // first: of what is being deleted nobody can add a finalizer again.
  Task<Result<void>> let_go(const ResourceId& chart) {
    CO_CHECK(co_await remove(chart));
    for (int round = 1;; ++round) {
      CO_TRY(const std::optional<Value> object, co_await look_at_metadata(chart));
      if (!object) co_return Result<void>();
      PatchRequest request = patch_request_of(chart, finalizers_patch(), *object);
      const Result<LiveObject> patched = co_await cluster_.patch(std::move(request));
      if (patched) co_return Result<void>();
      const bool is_other = patched.error().kind == ErrorKind::conflict;
      if (!is_other || round == patch_rounds) co_return std::unexpected(patched.error());
    }
  }

  Cluster& cluster_;
  EventLoop& loop_;
};

// Of the two looks of an adoption: what both did.
void add_done(MovePlan& done, MovePlan plan, std::vector<FluxMove> moves) {
  moves.insert(moves.begin(), done.moves.begin(), done.moves.end());
  done = std::move(plan);
  done.moves = std::move(moves);
}

}  // namespace

Task<Result<MovePlan>> preview_adoption(Cluster& cluster, ConfiguredFolder folder) {
  CO_TRY(const FluxSurvey survey, co_await survey_flux(cluster));
  co_return plan_adoption(survey, folder);
}

Task<Result<MovePlan>> adopt_flux(Cluster& cluster, EventLoop& loop, ConfiguredFolder folder) {
  Mover mover(cluster, loop);
  MovePlan done;
  for (int round = 1;; ++round) {
    CO_TRY(MovePlan plan, co_await preview_adoption(cluster, folder));
    if (!plan.obstacles.empty()) co_return plan;
    std::vector<FluxMove> first = plan.moves;
    std::erase_if(first, [](const FluxMove& move) { return !is_before_take_over(move); });
    if (first.empty()) {
      CO_CHECK(co_await mover.make_all(plan.moves));
      std::vector<FluxMove> moves = plan.moves;
      add_done(done, std::move(plan), std::move(moves));
      co_return done;
    }
    if (round == adoption_rounds) {
      co_return fail(ErrorKind::conflict,
                     fmt::format("{}: somebody starts or resumes it again and again: find out who "
                                 "(kubectl get -o yaml --show-managed-fields), then run this again",
                                 to_string(first.front().id)));
    }
    CO_CHECK(co_await mover.make_all(first));
    add_done(done, std::move(plan), std::move(first));
  }
}

Task<Result<MovePlan>> preview_return(Cluster& cluster) {
  CO_TRY(const FluxSurvey survey, co_await survey_flux(cluster));
  ClusterSight sight;
  CO_TRY(sight.view, co_await list_parents(cluster));
  sight.has_parents = true;
  CO_TRY(sight.catalog, co_await look_up_kinds(cluster, kinds_of_parents(sight.view)));
  std::vector<const DesiredSet*> nothing_desired;
  CO_CHECK(co_await observe(cluster, sight, std::move(nothing_desired)));
  co_return plan_return(survey, sight.view);
}

Task<Result<MovePlan>> return_to_flux(Cluster& cluster, EventLoop& loop) {
  CO_TRY(MovePlan plan, co_await preview_return(cluster));
  if (!plan.obstacles.empty()) co_return plan;
  Mover mover(cluster, loop);
  CO_CHECK(co_await mover.make_all(plan.moves));
  co_return plan;
}

}  // namespace primocane
