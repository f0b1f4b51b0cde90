// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_return.hpp"

#include "flux/helm_chart.hpp"
#include "flux/helm_chart_kind.hpp"
#include "flux/helm_release_spec.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/parents.hpp"
#include "resource/live_object.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>

namespace primocane {

namespace {

class ReturnPlanner {
 public:
  ReturnPlanner(const FluxSurvey& survey, const ClusterView& view) : survey_(survey), view_(view) {}

  MovePlan run() && {
    if (!survey_.is_installed) {
      plan_.obstacles.emplace_back(
          "there is no Flux in this cluster to give anything back to: the server knows no kind "
          "Kustomization of kustomize.toolkit.fluxcd.io; install Flux first");
      return std::move(plan_);
    }
    check_sight();
    find_members();
    find_charts();
    add_charts();
    add_members();
    add_unmarked();
    for (const auto& [id, live] : view_.parents) {
      add(MoveAction::forget, parent_id(live.parent.kustomization),
          to_string(live.parent.kustomization));
    }
    add_starts();
    add_resumptions();
    return std::move(plan_);
  }

 private:
  void add(MoveAction action, const ResourceId& id, std::string of = {}) {
    plan_.moves.push_back({.action = action, .id = id, .of = std::move(of)});
  }

  // Members that are not seen would lose their parent, and be nobody's.
  void check_sight() {
    for (const GroupKind& kind : view_.unlisted) {
      const auto reason = view_.unseen.find(kind);
      plan_.obstacles.push_back(fmt::format(
          "{}: which objects of this kind are primocane's can't be found out ({})", to_string(kind),
          reason == view_.unseen.end() ? "the server does not serve it now"
                                       : reason->second.message));
    }
  }

  void find_members() {
    for (const auto& [id, object] : view_.labelled) {
      const auto parent = view_.parents.find(object.part_of);
      if (parent == view_.parents.end() || !is_member(object, Declared::yes)) continue;
      members_.emplace(id, to_string(parent->second.parent.kustomization));
    }
  }

  void find_charts() {
    for (const auto& [id, of] : members_) {
      const std::optional<ResourceId> chart = helm_chart_of_secret(id);
      if (chart && members_.contains(*chart)) charts_.insert(*chart);
    }
    for (const auto& [id, object] : survey_.objects) {
      if (id.kind != "HelmRelease") continue;
      const ResourceId chart = helm_chart_id(id.namespace_name, release_name_of(object));
      if (members_.contains(chart)) charts_.insert(chart);
    }
  }

  void add_charts() {
    for (const ResourceId& chart : charts_) add(MoveAction::unmanage, chart, members_.at(chart));
    for (const auto& [id, of] : members_) {
      const std::optional<ResourceId> chart = helm_chart_of_secret(id);
      if (!chart || !charts_.contains(*chart)) continue;
      secrets_.insert(id);
      add(MoveAction::drop, id, of);
    }
    for (const ResourceId& chart : charts_) add(MoveAction::let_go, chart, members_.at(chart));
  }

  void add_members() {
    for (const auto& [id, of] : members_) {
      if (charts_.contains(id) || secrets_.contains(id)) continue;
      ++plan_.objects[of];
      add(MoveAction::give_back, id, of);
    }
  }

  // What was taken over before an agent could apply it: without it, primocane would keep every
  // field that Git drops later.
  void add_unmarked() {
    for (const auto& [id, object] : survey_.applied) {
      const Result<LiveObject> live = read_live_object(object, id.group_kind());
      if (!live || !live->entry || !live->part_of.empty() || members_.contains(id)) continue;
      const KustomizationName of{
          .namespace_name = std::string(object.text_at("metadata", "labels", flux_namespace_label)),
          .name = std::string(object.text_at("metadata", "labels", flux_name_label))};
      ++plan_.objects[to_string(of)];
      add(MoveAction::give_back, id, to_string(of));
    }
  }

  void add_starts() {
    for (const auto& [id, deployment] : survey_.deployments) {
      if (patch_of(MoveAction::start, deployment.object)) add(MoveAction::start, id);
    }
  }

  void add_resumptions() {
    for (const auto& [id, object] : survey_.objects) {
      if (patch_of(MoveAction::resume, object.object)) add(MoveAction::resume, id);
    }
  }

  const FluxSurvey& survey_;
  const ClusterView& view_;
  std::map<ResourceId, std::string> members_;  // with the Kustomizations whose they are
  std::set<ResourceId> charts_;
  std::set<ResourceId> secrets_;
  MovePlan plan_;
};

}  // namespace

MovePlan plan_return(const FluxSurvey& survey, const ClusterView& view) {
  return ReturnPlanner(survey, view).run();
}

}  // namespace primocane
