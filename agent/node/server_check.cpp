// SPDX-License-Identifier: Apache-2.0
#include "node/server_check.hpp"

#include "node/kernel_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace primocane {

namespace {

// Server-side apply is stable since 1.22. Watches that begin with what is there
// (sendInitialEvents) are on by default since 1.32, and what is older nobody maintains any more.
constexpr ShortVersion oldest_server{.major = 1, .minor = 22};
constexpr ShortVersion oldest_good_server{.major = 1, .minor = 32};

struct Tool {
  std::string_view name;
  std::string_view kind;
  std::array<std::string_view, 3> controllers;  ///< how their names end; "" for none
  std::string_view advice;
};

constexpr std::array tools{
    Tool{"Flux",
         "Kustomization.kustomize.toolkit.fluxcd.io",
         {"kustomize-controller", "source-controller", "flux-operator"},
         "primocane writes nothing while its controllers run: 'primocane adopt flux' pauses them "
         "and "
         "takes over what they applied, 'flux uninstall' removes them and leaves it"},
    Tool{"Argo CD",
         "Application.argoproj.io",
         {"argocd-application-controller", "", ""},
         "let one of them apply an object: take automated syncPolicy out of the Applications whose "
         "objects primocane shall apply"},
    Tool{"Fleet or Rancher",
         "Bundle.fleet.cattle.io",
         {"fleet-agent", "fleet-controller", "cattle-cluster-agent"},
         "let one of them apply an object: pause the bundles whose objects primocane shall apply"}};

bool is_part_of(std::string_view workload, const Tool& tool) {
  return std::ranges::any_of(tool.controllers, [&](std::string_view name) {
    return !name.empty() && workload.ends_with(name);
  });
}

// Nothing of a tool: no finding.
void examine_tool(const Tool& tool, std::span<const std::string> workloads,
                  std::span<const std::string> kinds, std::vector<Finding>& findings) {
  for (const std::string& workload : workloads) {
    if (!is_part_of(workload, tool)) continue;
    findings.push_back({.check = "other-tools",
                        .level = Level::warning,
                        .message = fmt::format("{} is at work here ({}): what it applies primocane "
                                               "does not take over",
                                               tool.name, workload),
                        .advice = std::string(tool.advice)});
    return;
  }
  if (std::ranges::find(kinds, tool.kind) == kinds.end()) return;
  findings.push_back(
      {.check = "other-tools",
       .message = fmt::format("the kinds of {} are served ({}), but none of its controllers is "
                              "switched on",
                              tool.name, tool.kind)});
}

}  // namespace

Finding examine_server_version(std::string_view version, std::string_view server) {
  const ShortVersion number = read_short_version(version);
  const std::string found = fmt::format("Kubernetes {} at {}", version, server);
  if (number < oldest_server) {
    return {.check = "api-server",
            .level = Level::problem,
            .message = found + ", which is older than 1.22 and has no server-side apply that works",
            .advice = "update K3s, one minor version after the other"};
  }
  if (number < oldest_good_server) {
    return {.check = "api-server",
            .level = Level::warning,
            .message = found + ", which is older than 1.32: primocane is not tested with it",
            .advice = "update K3s, one minor version after the other"};
  }
  return {.check = "api-server", .message = found};
}

Finding examine_rights(const std::vector<std::string>& missing, bool is_essential_missing) {
  if (missing.empty()) {
    return {.check = "rights",
            .message = "the identity of the kubeconfig may do all that is needed"};
  }
  return {
      .check = "rights",
      .level = is_essential_missing ? Level::problem : Level::warning,
      .message = fmt::format("the identity of the kubeconfig may not {}", fmt::join(missing, ", ")),
      .advice = is_essential_missing
                    ? "use K3s's own /etc/rancher/k3s/k3s.yaml, or bind the identity to "
                      "the ClusterRole cluster-admin"
                    : "objects that it may not touch will fail; bind the identity to the "
                      "ClusterRole cluster-admin if they shall not"};
}

std::vector<Finding> examine_other_tools(const std::vector<std::string>& workloads,
                                         const std::vector<std::string>& kinds) {
  std::vector<Finding> findings;
  for (const Tool& tool : tools) examine_tool(tool, workloads, kinds, findings);
  if (findings.empty()) {
    findings.push_back({.check = "other-tools", .message = "no Flux, Argo CD or Fleet is here"});
  }
  return findings;
}

std::optional<Finding> examine_set(std::string_view kustomization, std::string_view revision,
                                   const OwnTraces& own) {
  const bool is_ours = kustomization == own.kustomization;
  const bool is_branch_ours = revision.empty() || revision.starts_with(own.branch + "@");
  if (is_ours && is_branch_ours && own.has_run) return std::nullopt;
  const std::string_view why = !is_ours          ? "is not the one that is configured here"
                               : !is_branch_ours ? "is not from the branch that is configured here"
                                                 : "was applied, but no agent has run here";
  return Finding{.check = "other-agents",
                 .level = Level::warning,
                 .message = fmt::format("set {} at {} {}", kustomization,
                                        revision.empty() ? "an unknown revision" : revision, why),
                 .advice =
                     "if another node runs primocane for this cluster, stop one of the two; "
                     "else it is what an earlier agent left, and the one here goes on from it"};
}

}  // namespace primocane
