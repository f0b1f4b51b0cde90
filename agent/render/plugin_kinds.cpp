// SPDX-License-Identifier: Apache-2.0
#include "render/plugin_kinds.hpp"

#include <fmt/format.h>

namespace primocane {

Result<void> require_builtin(const Draft& configuration) {
  const VersionedKind& kind = configuration.id.kind;
  if (kind.kind == "HelmChartInflationGenerator") {
    return invalid_draft(configuration,
                         "charts are not inflated while building: declare a HelmRelease instead");
  }
  if (kind.group.empty() && kind.version == "builtin") return {};
  return invalid_draft(
      configuration,
      "plugins that are programs or containers are not run: use what is built into kustomize, "
      "commit what the plugin makes, or for a chart declare a HelmRelease");
}

}  // namespace primocane
