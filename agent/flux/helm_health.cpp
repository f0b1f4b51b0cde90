// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view hash_name = "helmcharts.helm.cattle.io/configHash";
constexpr std::size_t label_max = 63;

// The newest revision of a release, as its Secret's labels tell (latestRelease).
struct ReleaseRevision {
  std::uint64_t number = 0;  // 0: there is none
  std::string_view status;
  std::string_view hash;  // "" by an older klipper-helm
};

ReleaseRevision newest_revision(std::span<const Value> secrets) {
  ReleaseRevision newest;
  for (const Value& secret : secrets) {
    const auto label = [&secret](std::string_view key) {
      return secret.text_at("metadata", "labels", key);
    };
    const std::string_view text = label("version");
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size()) continue;
    if (number > newest.number) newest = {number, label("status"), label(hash_name)};
  }
  return newest;
}

const Value* condition_of(const Value& object, std::string_view type) {
  const Value* conditions = object.find("status", "conditions");
  if (conditions == nullptr || conditions->as_array() == nullptr) return nullptr;
  for (const Value& condition : *conditions->as_array()) {
    if (condition.text_at("type") == type) return &condition;
  }
  return nullptr;
}

bool is_true(const Value* condition) {
  return condition != nullptr && condition->text_at("status") == "True";
}

std::string reason_of(const Value& condition) {
  const std::string_view reason = condition.text_at("reason");
  const std::string_view message = condition.text_at("message");
  if (message.empty()) return std::string(reason);
  return reason.empty() ? std::string(message) : fmt::format("{}: {}", reason, message);
}

const Array* array_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found == nullptr ? nullptr : found->as_array();
}

const Value* helm_container(const Value& job) {
  const Value* pod = job.find("spec", "template", "spec");
  const Array* containers = pod == nullptr ? nullptr : array_at(*pod, "containers");
  return containers == nullptr || containers->empty() ? nullptr : &containers->front();
}

std::string_view environment_of(const Value& container, std::string_view name) {
  const Array* variables = array_at(container, "env");
  if (variables == nullptr) return {};
  for (const Value& variable : *variables) {
    if (variable.text_at("name") == name) return variable.text_at("value");
  }
  return {};
}

// Whether the Job mounts `key` of the Secret `name` (setValuesSecret).
bool mounts_key(const Value& job, std::string_view name, std::string_view key) {
  const Value* pod = job.find("spec", "template", "spec");
  const Array* volumes = pod == nullptr ? nullptr : array_at(*pod, "volumes");
  if (volumes == nullptr) return false;
  for (const Value& volume : *volumes) {
    const Value* projected = volume.find("projected");
    const Array* sources = projected == nullptr ? nullptr : array_at(*projected, "sources");
    if (sources == nullptr) continue;
    for (const Value& source : *sources) {
      if (source.text_at("secret", "name") != name) continue;
      const Value* secret = source.find("secret");
      const Array* items = array_at(*secret, "items");
      if (items == nullptr) continue;
      const auto is_key = [key](const Value& item) { return item.text_at("key") == key; };
      if (std::ranges::any_of(*items, is_key)) return true;
    }
  }
  return false;
}

bool mounts_values(const Value& job, const Value& chart) {
  const Value* spec = chart.find("spec");
  const Array* secrets = spec == nullptr ? nullptr : array_at(*spec, "valuesSecrets");
  if (secrets == nullptr) return true;
  return std::ranges::all_of(*secrets, [&job](const Value& secret) {
    const Array* keys = array_at(secret, "keys");
    return keys == nullptr || std::ranges::all_of(*keys, [&](const Value& key) {
             return mounts_key(job, secret.text_at("name"), key.scalar_text());
           });
  });
}

// Whether `job` does what `chart` says now: the controller makes another one when it sees a change,
// and until then the one for what was before is there, and complete.
bool is_for(const Value& job, const Value& chart) {
  const Value* container = helm_container(job);
  if (container == nullptr) return false;
  const std::string_view repo = chart.text_at("spec", "repo");
  std::string name(chart.text_at("spec", "chart"));
  if (!repo.empty()) name = fmt::format("{}/{}", chart.text_at("metadata", "name"), name);
  return environment_of(*container, "CHART") == name &&
         environment_of(*container, "REPO") == repo &&
         environment_of(*container, "VERSION") == chart.text_at("spec", "version") &&
         mounts_values(job, chart);
}

std::string_view hash_of(const Value& job) {
  std::string_view hash = job.text_at("spec", "template", "metadata", "annotations", hash_name);
  const std::size_t sign = hash.find('=');
  if (sign != std::string_view::npos) hash.remove_prefix(sign + 1);
  return hash.substr(0, label_max);
}

Health in_progress(std::string message) { return {HealthStatus::in_progress, std::move(message)}; }

Health failed_release(std::string message) { return {HealthStatus::failed, std::move(message)}; }

Health health_of_revision(const LiveRelease& live, std::string_view job) {
  const std::string_view name = live.chart->text_at("metadata", "name");
  const ReleaseRevision revision = newest_revision(live.revisions);
  const bool is_ours = revision.hash.empty() || revision.hash == hash_of(*live.job);
  const bool is_complete = is_true(condition_of(*live.job, "Complete"));
  if (revision.number > 0 && revision.status == "deployed" && is_ours && is_complete) {
    return {HealthStatus::current,
            fmt::format("revision {} of release {} is deployed", revision.number, name)};
  }
  if (revision.number > 0 && revision.status == "failed" && !revision.hash.empty() && is_ours) {
    return failed_release(
        fmt::format("Helm calls revision {} of release {} failed; kubectl -n {} "
                    "logs job/{} says why",
                    revision.number, name, live.chart->text_at("metadata", "namespace"), job));
  }
  if (is_complete) return in_progress(fmt::format("release {} is not deployed yet", name));
  const Value* failures = live.job->find("status", "failed");
  const bool has_failed = failures != nullptr && failures->scalar_text() != "0";
  if (!has_failed) return in_progress(fmt::format("Job {} is at work", job));
  return in_progress(
      fmt::format("Job {} has failed {} times and tries again", job, failures->scalar_text()));
}

}  // namespace

std::string_view helm_job_of(const Value& chart) { return chart.text_at("status", "jobName"); }

std::string_view release_namespace_of(const Value& chart) {
  const std::string_view target = chart.text_at("spec", "targetNamespace");
  return target.empty() ? chart.text_at("metadata", "namespace") : target;
}

std::string release_selector(std::string_view release) {
  return fmt::format("owner=helm,name={}", release);
}

Health helm_release_health(const LiveRelease& live) {
  if (live.chart == nullptr) return {HealthStatus::not_found, "its HelmChart is not there"};
  if (!live.chart->text_at("metadata", "deletionTimestamp").empty()) {
    return {HealthStatus::terminating, "it is being uninstalled"};
  }
  const std::string_view job = helm_job_of(*live.chart);
  if (job.empty() || live.job == nullptr || !is_for(*live.job, *live.chart)) {
    // What another Job came to says nothing.
    const Value* failure = condition_of(*live.chart, "Failed");
    const bool has_no_job = is_true(failure) && failure->text_at("reason") != "Job failed";
    if (has_no_job) return failed_release(reason_of(*failure));
    return in_progress("waits for the Helm controller");
  }
  const Value* failure = condition_of(*live.job, "Failed");
  if (is_true(failure)) {
    return failed_release(fmt::format("Job {} failed: {}", job, reason_of(*failure)));
  }
  return health_of_revision(live, job);
}

}  // namespace primocane
