// SPDX-License-Identifier: Apache-2.0
#include "reconcile/preview.hpp"

#include "document/json.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/release_sets.hpp"
#include "resource/ignored_fields.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// What the server keeps for itself in metadata; no field of ours.
constexpr std::array server_metadata{"managedFields", "resourceVersion",   "generation",
                                     "uid",           "creationTimestamp", "selfLink"};

void drop_what_the_server_keeps(Value& object) {
  Object* members = object.as_object();
  if (members == nullptr) return;
  members->erase("status");
  Value* metadata = members->find("metadata");
  if (metadata == nullptr || metadata->as_object() == nullptr) return;
  for (const std::string_view key : server_metadata) metadata->as_object()->erase(key);
}

bool holds_any(const Value& value, const std::vector<std::string>& secrets) {
  constexpr std::size_t shortest = 3;  // shorter ones are in ordinary words
  const auto holds = [&secrets](const Value& each) { return holds_any(each, secrets); };
  if (const Array* items = value.as_array()) return std::ranges::any_of(*items, holds);
  if (const Object* members = value.as_object()) {
    return std::ranges::any_of(*members, [&](const auto& member) { return holds(member.second); });
  }
  const std::string text = write_json(value);
  const std::string* const plain = value.as_string();
  return std::ranges::any_of(secrets, [&](const std::string& secret) {
    return secret.size() >= shortest && (plain != nullptr ? *plain : text).contains(secret);
  });
}

// Values that nobody is shown become a mark that tells only whether they differ.
void mask(std::vector<Difference>& fields, const ConfidentialFields& confidential,
          const std::vector<std::string>& secrets) {
  for (Difference& field : fields) {
    const bool is_hidden = is_confidential(confidential, field.path) ||
                           (field.before && holds_any(*field.before, secrets)) ||
                           (field.after && holds_any(*field.after, secrets));
    if (!is_hidden) continue;
    if (field.before) field.before = Value("*** (before)");
    if (field.after) field.after = Value("*** (after)");
  }
}

ApplyRequest trial_of(const Change& change) {
  ApplyRequest request = request_for(change);
  request.dry_run = DryRun::yes;
  return request;
}

Task<Result<void>> compare(Cluster& cluster, const Change& change,
                           const std::vector<std::string>& secrets, PreviewedChange& previewed) {
  CO_TRY(std::optional<Value> live, co_await cluster.get(change.id, change.desired->version));
  if (!live) co_return Result<void>();
  ApplyRequest request = trial_of(change);
  if (!change.desired->ignored.empty()) {
    CO_TRY(request.body, body_around(*change.desired, *live));
  }
  CO_TRY(Applied applied, co_await cluster.apply(std::move(request)));
  drop_what_the_server_keeps(*live);
  drop_what_the_server_keeps(applied.object);
  previewed.fields = difference(*live, applied.object);
  // What Git no longer says of a Secret is still in the object.
  mask(previewed.fields, confidential_fields(change.id, change.desired->confidential), secrets);
  co_return Result<void>();
}

// A change that would create an object is only tried where its namespace exists.
Task<Result<void>> try_create(Cluster& cluster, const Change& change) {
  Result<Applied> applied = co_await cluster.apply(trial_of(change));
  // `unavailable`: what it needs may be created by the same plan.
  if (applied || applied.error().kind == ErrorKind::unavailable) co_return Result<void>();
  co_return std::unexpected(std::move(applied).error());
}

// Without an index.
Plan plan_anew(const PreviewedGraph& graph, const ClusterView& view) {
  const AppliedIndex nothing_known;
  std::vector<Desire> others = graph.resting();
  std::erase_if(others, [](const Desire& desire) { return desire.set == nullptr; });
  return make_plan({.desires = graph.applied(),
                    .others = std::move(others),
                    .view = view,
                    .index = nothing_known});
}

PrunePlan prune_of(PreviewedGraph& graph, const PruneSettings& settings) {
  std::vector<Desire> desires = graph.applied();
  std::set<KustomizationName> resting;  // what does not run loses nothing
  for (Desire& desire : graph.resting()) {
    resting.insert(desire.name);
    desires.push_back(std::move(desire));
  }
  PrunePlan plan = plan_prune_of(desires, graph.sight().view, settings);
  const auto is_resting = [&resting](const Removal& removal) {
    return resting.contains(removal.kustomization);
  };
  std::erase_if(plan.removals, is_resting);
  std::erase_if(plan.let_go, is_resting);
  // A later pass deletes what this keeps.
  [[maybe_unused]] const bool is_later = keep_what_helm_needs(plan, graph.sight());
  return plan;
}

PreviewedChange begun(const Change& change) {
  return {.id = change.id,
          .action = change.action,
          .reason = change.reason,
          .kustomization = change.kustomization,
          .fields = {},
          .error = {}};
}

PreviewedChange leaving(const Removal& removal, Action action) {
  return {.id = removal.id,
          .action = action,
          .reason = std::string(reason_to(action)),
          .kustomization = removal.kustomization,
          .fields = {},
          .error = {}};
}

// What applying `change` would do; nothing if the object is as Git says.
Task<std::optional<PreviewedChange>> try_change(Cluster& cluster, const Change& change,
                                                std::vector<std::string> secrets) {
  PreviewedChange previewed = begun(change);
  const bool is_new = change.action == Action::create;
  Task<Result<void>> looking =
      is_new ? try_create(cluster, change) : compare(cluster, change, secrets, previewed);
  Result<void> looked = co_await looking;
  if (!looked) previewed.error = std::move(looked).error();
  const bool is_same = !is_new && !previewed.error && previewed.fields.empty() &&
                       change.tool.empty() && change.action != Action::adopt;
  if (is_same) co_return std::nullopt;
  if (previewed.action == Action::verify) {
    previewed.action = Action::change;
    const bool is_by_hand = !change.tool.empty() && previewed.fields.empty();
    previewed.reason = is_by_hand ? "fields were set by hand" : "differs from Git";
  }
  co_return previewed;
}

}  // namespace

Task<Result<Preview>> preview(PreviewParts parts, PassSettings settings) {
  PreviewedGraph graph(parts, settings);
  CO_CHECK(co_await graph.look());
  const Plan plan = plan_anew(graph, graph.sight().view);
  Preview result;
  result.prune = prune_of(graph, settings.prune);
  for (const auto& [set, count] : plan.unchanged) result.unchanged += count;
  for (const Stage& stage : plan.stages) {
    for (const Change& change : stage.changes) {
      std::optional<PreviewedChange> tried =
          co_await try_change(parts.cluster, change, graph.secrets_of(change.kustomization));
      if (tried) {
        result.changes.push_back(std::move(*tried));
      } else {
        ++result.unchanged;
      }
    }
  }
  for (const Removal& removal : result.prune.removals) {
    result.changes.push_back(leaving(removal, Action::remove));
  }
  for (const Removal& removal : result.prune.let_go) {
    result.changes.push_back(leaving(removal, Action::let_go));
  }
  result.refusals = plan.refusals;
  result.problems = graph.problems();
  co_return result;
}

}  // namespace primocane
