// SPDX-License-Identifier: Apache-2.0
// primocane get and primocane tree: the Kustomizations of the graph.
#include "cli/commands.hpp"
#include "cli/known_status.hpp"
#include "cli/kustomization_text.hpp"
#include "cli/output.hpp"
#include "host/system_clock.hpp"

#include <algorithm>

namespace primocane {

namespace {

Value kustomizations_of(const Value& status) {
  const Value* list = status.find("kustomizations");
  return list == nullptr ? Value(Array()) : *list;
}

bool is_well(const KustomizationStatus& status) {
  return status.is_suspended || status.readiness.ready == Ready::yes;
}

}  // namespace

Answer run_get(const GlobalOptions& options) {
  return show_known_status(
      options, [&options](const Value& value, const Status& status, Answer& answer) {
        const bool all_well = std::ranges::all_of(status.kustomizations, is_well);
        if (!all_well) answer.exit_code = ExitCode::failed;
        answer.out = print(options.output, kustomizations_of(value),
                           list_kustomizations(status.kustomizations, SystemClock().wall_now()));
      });
}

Answer run_tree(const GlobalOptions& options) {
  return show_known_status(options,
                           [&options](const Value& value, const Status& status, Answer& answer) {
                             answer.out = print(options.output, kustomizations_of(value),
                                                draw_kustomizations(status.kustomizations));
                           });
}

}  // namespace primocane
