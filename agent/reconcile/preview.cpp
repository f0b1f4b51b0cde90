// SPDX-License-Identifier: Apache-2.0
#include "reconcile/preview.hpp"

#include "reconcile/apply.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/release_sets.hpp"
#include "resource/ignored_fields.hpp"

#include <array>
#include <set>
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

// Values below data and stringData of a Secret become a mark that tells only whether they differ.
void mask(std::vector<Difference>& fields) {
  for (Difference& field : fields) {
    const std::vector<std::string>& tokens = field.path.tokens();
    const bool is_value = !tokens.empty() && (tokens[0] == "data" || tokens[0] == "stringData");
    const bool is_copy = tokens.size() > 1 && tokens[0] == "metadata" && tokens[1] == "annotations";
    if (!is_value && !is_copy) continue;
    if (field.before) field.before = Value("*** (before)");
    if (field.after) field.after = Value("*** (after)");
  }
}

ApplyRequest trial_of(const Change& change) {
  ApplyRequest request = request_for(change);
  request.dry_run = DryRun::yes;
  return request;
}

Task<Result<void>> compare(Cluster& cluster, const Change& change, PreviewedChange& previewed) {
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
  if (change.id.group_kind() == GroupKind{"", "Secret"}) mask(previewed.fields);
  co_return Result<void>();
}

// A change that would create an object is only tried where its namespace exists.
Task<Result<void>> try_create(Cluster& cluster, const Change& change) {
  Result<Applied> applied = co_await cluster.apply(trial_of(change));
  // `unavailable`: what it needs may be created by the same plan.
  if (applied || applied.error().kind == ErrorKind::unavailable) co_return Result<void>();
  co_return std::unexpected(std::move(applied).error());
}

// No coroutines: GCC 12 destroys the elements of an initializer list in one twice.
std::vector<Desire> desires_of(const DesiredSet& desired, const std::vector<Resource>& contained) {
  return {{.name = desired.name(), .set = &desired, .expected = unknown_objects(contained, {})}};
}

// Without an index.
Plan plan_anew(const std::vector<Desire>& desires, const ClusterView& view) {
  const AppliedIndex nothing_known;
  return make_plan({.desires = desires, .view = view, .index = nothing_known});
}

}  // namespace

Task<Result<Preview>> preview(Cluster& cluster, KustomizationName name,
                              std::vector<DesiredObject> objects, std::vector<Resource> contained,
                              PruneSettings prune) {
  ClusterSight sight;
  CO_TRY(sight.view, co_await list_parents(cluster));
  std::set<GroupKind> kinds = kinds_of_parents(sight.view);
  for (const DesiredObject& object : objects) kinds.insert(object.id.group_kind());
  CO_TRY(sight.catalog, co_await look_up_kinds(cluster, std::move(kinds)));
  CO_TRY(const DesiredSet desired,
         DesiredSet::make(name, resolve_namespaces(std::move(objects), sight.catalog)));
  if (desired.objects().empty()) {
    co_return fail(
        ErrorKind::invalid,
        "renders to no objects at all: nothing is applied or pruned; is the path right?");
  }
  CO_CHECK(refuse_what_is_ours(desired));
  std::vector<const DesiredSet*> sets{&desired};
  CO_CHECK(co_await observe(cluster, sight, std::move(sets)));
  const std::vector<Desire> desires = desires_of(desired, contained);
  Plan plan = plan_anew(desires, sight.view);
  PrunePlan pruning = plan_prune_of(desires, sight.view, prune);
  Preview result;
  for (const auto& [set, count] : plan.unchanged) result.unchanged += count;
  for (const Stage& stage : plan.stages) {
    for (const Change& change : stage.changes) {
      PreviewedChange previewed{.id = change.id,
                                .action = change.action,
                                .reason = change.reason,
                                .fields = {},
                                .error = {}};
      const bool is_new = change.action == Action::create;
      Task<Result<void>> looking =
          is_new ? try_create(cluster, change) : compare(cluster, change, previewed);
      Result<void> looked = co_await looking;
      if (!looked) previewed.error = std::move(looked).error();
      const bool is_same = !is_new && !previewed.error && previewed.fields.empty() &&
                           change.tool.empty() && change.action != Action::adopt;
      if (is_same) {
        ++result.unchanged;
        continue;
      }
      if (previewed.action == Action::verify) {
        previewed.action = Action::change;
        const bool is_by_hand = !change.tool.empty() && previewed.fields.empty();
        previewed.reason = is_by_hand ? "fields were set by hand" : "differs from Git";
      }
      result.changes.push_back(std::move(previewed));
    }
  }
  for (const Removal& removal : pruning.removals) {
    result.changes.push_back({.id = removal.id,
                              .action = Action::remove,
                              .reason = "left Git",
                              .fields = {},
                              .error = {}});
  }
  result.refusals = std::move(plan.refusals);
  result.prune = std::move(pruning);
  co_return result;
}

}  // namespace primocane
