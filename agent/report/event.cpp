// SPDX-License-Identifier: Apache-2.0
#include "report/event.hpp"

namespace primocane {

std::string_view message_id(EventKind kind) {
  switch (kind) {
    case EventKind::agent_started:
      return "acf6550b49424f818d6cbf93c150f44e";
    case EventKind::agent_waiting:
      return "163a3703ee04484789cc720ad8463350";
    case EventKind::config_refused:
      return "ea774f12bd7a4b5998cb84eaf9694067";
    case EventKind::node_unfit:
      return "1d514e5b26ab49ce960629b5bbc3385c";
    case EventKind::revision_fetched:
      return "1e9ad861b4764da6aedacbf423722ad7";
    case EventKind::source_unavailable:
      return "a345ee64ec984658acfe103c96d83ca6";
    case EventKind::revision_refused:
      return "4771e0b25cbf4500b6ed2ab43a26e33f";
    case EventKind::mirror_damaged:
      return "6c88dd92ab83436a81b60f300650c46a";
    case EventKind::remote_unpinned:
      return "dda7e6d94ef74140ad42d0e67fc58d44";
    case EventKind::remote_unavailable:
      return "13cf1b2ef20c4dd0aa5fdbc9ab9777dd";
    case EventKind::render_failed:
      return "d6d28fbe38124cf4b0e8d2d41ae424e9";
    case EventKind::cluster_unavailable:
      return "8d6ef2291bb74d848ff02bb9aeb5151e";
    case EventKind::object_applied:
      return "7534158b80d04d4da1bae89f9c068fa9";
    case EventKind::drift_reverted:
      return "81656f8feaf848aca3075fd9fe72076f";
    case EventKind::drift_detected:
      return "af75b477d5d641ea8a25f568437f2c79";
    case EventKind::drift_fought:
      return "2f3facbd5d0c4f2a89f8eee826f8fef9";
    case EventKind::admission_changed:
      return "c6dbf766270e4570b132611f3427ea57";
    case EventKind::watch_failed:
      return "f35a7ca9c3364f4687d8042cfde61ea0";
    case EventKind::node_silent:
      return "85428b1b48094ce29560ea004a1c1699";
    case EventKind::object_failed:
      return "443afeb8f88e466e9e05a10a36cc522b";
    case EventKind::object_pruned:
      return "6f6aeb67e5674db1ba162c7c70a7fe0c";
    case EventKind::object_not_served:
      return "507fe391e9104bd6addc5532b2606478";
    case EventKind::object_kept:
      return "ef8d6b2643ca4c0cb490804c25b3dd31";
    case EventKind::prune_refused:
      return "a27156ec80a14478bef287b56fcb580e";
    case EventKind::flux_running:
      return "f59b234b113947e186adf77c41c2a583";
    case EventKind::orphan_found:
      return "813dea76ef5d49eb8960e266e18deb41";
    case EventKind::reconciliation_suspended:
      return "909168d7b4484123820b08a796ff4063";
    case EventKind::reconciliation_resumed:
      return "7d9b5c7d5bc94db5b4fe590ed0de7ff3";
    case EventKind::pass_completed:
      return "60c08225e2b348f48e60ee5af29a2553";
    case EventKind::pass_failed:
      return "b4c404ff0d354842894d0ab00a3460e6";
    case EventKind::pass_idle:
      return "4e01f2281aea46b596124117994e661d";
  }
  return "";
}

std::string_view to_string(EventKind kind) {
  switch (kind) {
    case EventKind::agent_started:
      return "agent-started";
    case EventKind::agent_waiting:
      return "agent-waiting";
    case EventKind::config_refused:
      return "config-refused";
    case EventKind::node_unfit:
      return "node-unfit";
    case EventKind::revision_fetched:
      return "revision-fetched";
    case EventKind::source_unavailable:
      return "source-unavailable";
    case EventKind::revision_refused:
      return "revision-refused";
    case EventKind::mirror_damaged:
      return "mirror-damaged";
    case EventKind::remote_unpinned:
      return "remote-unpinned";
    case EventKind::remote_unavailable:
      return "remote-unavailable";
    case EventKind::render_failed:
      return "render-failed";
    case EventKind::cluster_unavailable:
      return "cluster-unavailable";
    case EventKind::object_applied:
      return "object-applied";
    case EventKind::drift_reverted:
      return "drift-reverted";
    case EventKind::drift_detected:
      return "drift-detected";
    case EventKind::drift_fought:
      return "drift-fought";
    case EventKind::admission_changed:
      return "admission-changed";
    case EventKind::watch_failed:
      return "watch-failed";
    case EventKind::node_silent:
      return "node-silent";
    case EventKind::object_failed:
      return "object-failed";
    case EventKind::object_pruned:
      return "object-pruned";
    case EventKind::object_not_served:
      return "object-not-served";
    case EventKind::object_kept:
      return "object-kept";
    case EventKind::prune_refused:
      return "prune-refused";
    case EventKind::flux_running:
      return "flux-running";
    case EventKind::orphan_found:
      return "orphan-found";
    case EventKind::reconciliation_suspended:
      return "reconciliation-suspended";
    case EventKind::reconciliation_resumed:
      return "reconciliation-resumed";
    case EventKind::pass_completed:
      return "pass-completed";
    case EventKind::pass_failed:
      return "pass-failed";
    case EventKind::pass_idle:
      return "pass-idle";
  }
  return "";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      return "notice";
    case Severity::info:
      return "info";
    case Severity::debug:
      return "debug";
  }
  return "";
}

}  // namespace primocane
