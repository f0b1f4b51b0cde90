// SPDX-License-Identifier: Apache-2.0
#include "flux/flux_controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::pair<std::string_view, FluxProgram>, 3> program_names{
    {{"flux-operator", FluxProgram::flux_operator},
     {"kustomize-controller", FluxProgram::kustomize_controller},
     {"helm-controller", FluxProgram::helm_controller}}};

std::optional<FluxProgram> program_named(std::string_view text) {
  for (const auto& [name, program] : program_names) {
    if (text.starts_with(name)) return program;
  }
  return std::nullopt;
}

bool is_zero(const Value* number) {
  return number != nullptr && number->as_number() != nullptr && number->as_number()->text == "0";
}

}  // namespace

std::optional<FluxProgram> flux_program_of(const Value& deployment) {
  for (const std::string_view key : {"app.kubernetes.io/component", "app.kubernetes.io/name"}) {
    if (auto program = program_named(deployment.text_at("metadata", "labels", key))) return program;
  }
  return program_named(deployment.text_at("metadata", "name"));
}

// Without a number the server takes 1 for what is to be, and 0 for what is.
bool has_pods(const Value& deployment) {
  const Value* present = deployment.find("status", "replicas");
  return !is_zero(deployment.find("spec", "replicas")) || (present != nullptr && !is_zero(present));
}

const RunningFlux* find_rival(std::span<const RunningFlux> running, HelmReleasesInGit releases) {
  const RunningFlux* first = nullptr;
  for (const RunningFlux& each : running) {
    const bool is_idle =
        each.program == FluxProgram::helm_controller && releases == HelmReleasesInGit::no;
    if (!is_idle && (first == nullptr || each.program < first->program)) first = &each;
  }
  return first;
}

std::string describe_rival(const RunningFlux& rival) {
  const std::string& name = rival.deployment.name;
  const std::string& space = rival.deployment.namespace_name;
  if (rival.program == FluxProgram::flux_operator) {
    return fmt::format(
        "{0} runs in namespace {1} and starts Flux's controllers again, which would fight with "
        "primocane: nothing is written; scale it to 0 replicas (kubectl scale deployment {0} -n "
        "{1} --replicas=0), then run primocane adopt flux",
        name, space);
  }
  return fmt::format(
      "Flux's {} runs in namespace {} and would fight with primocane over every object: nothing is "
      "written; run primocane adopt flux, which pauses it and takes over what it has applied",
      name, space);
}

}  // namespace primocane
