// SPDX-License-Identifier: Apache-2.0
// primocane get and primocane tree: the Kustomizations of the graph and the HelmReleases in them.
#include "cli/commands.hpp"
#include "cli/graph_text.hpp"
#include "cli/known_status.hpp"
#include "cli/output.hpp"
#include "host/system_clock.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// The members of the list `key` of a status, each with its kind.
void add_objects(const Value& status, std::string_view key, std::string_view kind, Array& all) {
  const Value* list = status.find(key);
  if (list == nullptr || list->as_array() == nullptr) return;
  for (const Value& object : *list->as_array()) {
    if (!object.is_object()) continue;
    Object shown{{"kind", kind}};
    for (const auto& [name, value] : *object.as_object()) shown.append(name, value);
    all.emplace_back(std::move(shown));
  }
}

Value objects_of(const Value& status) {
  Array all;
  add_objects(status, "kustomizations", "Kustomization", all);
  add_objects(status, "helmReleases", "HelmRelease", all);
  return all;
}

bool is_well(bool is_suspended, const ReadyState& readiness) {
  return is_suspended || readiness.ready == Ready::yes;
}

bool is_all_well(const Status& status) {
  const auto is_well_now = [](const auto& one) { return is_well(one.is_suspended, one.readiness); };
  return std::ranges::all_of(status.kustomizations, is_well_now) &&
         std::ranges::all_of(status.helm_releases, is_well_now);
}

std::string list_all(const Status& status) {
  const WallTime now = SystemClock().wall_now();
  std::string text = list_kustomizations(status.kustomizations, now);
  if (!status.helm_releases.empty()) {
    text += "\nHelmReleases:\n" + list_helm_releases(status.helm_releases, now);
  }
  return text;
}

}  // namespace

Answer run_get(const GlobalOptions& options) {
  return show_known_status(
      options, [&options](const Value& value, const Status& status, Answer& answer) {
        if (!is_all_well(status)) answer.exit_code = ExitCode::failed;
        answer.out = print(options.output, objects_of(value), list_all(status));
      });
}

Answer run_tree(const GlobalOptions& options) {
  return show_known_status(
      options, [&options](const Value& value, const Status& status, Answer& answer) {
        answer.out = print(options.output, objects_of(value),
                           draw_graph(status.kustomizations, status.helm_releases));
      });
}

}  // namespace primocane
