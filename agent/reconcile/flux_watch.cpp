// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_watch.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace primocane {

namespace {

ResourceId deployment_in(const Value& object) {
  return {.group = "apps",
          .kind = "Deployment",
          .namespace_name = std::string(object.text_at("metadata", "namespace")),
          .name = std::string(object.text_at("metadata", "name"))};
}

// No coroutine: GCC 12 lets lambdas in one capture little.
std::function<void(const Value&)> collect_into(std::map<ResourceId, FluxProgram>& found) {
  return [&found](const Value& object) {
    const std::optional<FluxProgram> program = flux_program_of(object);
    if (program) found.try_emplace(deployment_in(object), *program);
  };
}

MetadataQuery deployments_with(std::string_view selector) {
  return {.group_kind = {"apps", "Deployment"},
          .namespace_name = {},
          .label_selector = std::string(selector),
          .name = {}};
}

Error unknown(const Error& error) {
  return with_context("whether Flux runs here can't be found out", error);
}

}  // namespace

// Metadata tells which Deployments they are, but not whether they have pods.
Task<Result<std::vector<RunningFlux>>> find_running_flux(Cluster& cluster) {
  std::map<ResourceId, FluxProgram> found;
  for (const std::string_view selector : flux_program_selectors) {
    MetadataQuery query = deployments_with(selector);
    std::function<void(const Value&)> each = collect_into(found);
    Result<void> listed = co_await cluster.list_metadata(std::move(query), std::move(each));
    if (!listed) co_return std::unexpected(unknown(listed.error()));
  }
  std::vector<RunningFlux> running;
  for (const auto& [deployment, program] : found) {
    Result<std::optional<Value>> object = co_await cluster.get(deployment, "v1");
    if (!object) co_return std::unexpected(unknown(object.error()));
    const bool is_running = object->has_value() && has_pods(**object);
    if (is_running) running.push_back({.program = program, .deployment = deployment});
  }
  co_return running;
}

Task<Result<void>> FluxWatch::require_absence() {
  if (!running_) running_ = co_await find_running_flux(cluster_);
  if (!*running_) {
    Error error = running_->error();
    if (error.kind == ErrorKind::unavailable) co_return std::unexpected(std::move(error));
    co_return std::unexpected(tell({}, std::move(error)));
  }
  const RunningFlux* rival =
      find_rival(**running_, releases_.empty() ? HelmReleasesInGit::no : HelmReleasesInGit::yes);
  if (rival == nullptr) co_return Result<void>();
  co_return std::unexpected(
      tell(to_string(rival->deployment), {ErrorKind::denied, describe_rival(*rival)}));
}

Error FluxWatch::tell(const std::string& object, Error error) {
  if (!std::exchange(has_told_, true)) voice_.problem(object, error, EventKind::flux_running);
  return {ErrorKind::cancelled, std::move(error).message};
}

}  // namespace primocane
