// SPDX-License-Identifier: Apache-2.0
#include "reconcile/pod_health.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// One that has failed is enough to tell.
constexpr std::size_t pods_max = 10;

// No coroutine: GCC 12 lets lambdas in one capture little.
std::function<void(const Value&)> collect_names(std::vector<std::string>& names) {
  return [&names](const Value& pod) {
    if (names.size() < pods_max) names.emplace_back(pod.text_at("metadata", "name"));
  };
}

// One of matchExpressions; "" if it is none.
std::string requirement_text(const Value& expression) {
  const std::string_view key = expression.text_at("key");
  const std::string_view operation = expression.text_at("operator");
  if (key.empty()) return {};
  if (operation == "Exists") return std::string(key);
  if (operation == "DoesNotExist") return fmt::format("!{}", key);
  const Value* const values = expression.find("values");
  const bool has_values = values != nullptr && values->as_array() != nullptr;
  if (!has_values || (operation != "In" && operation != "NotIn")) return {};
  std::vector<std::string_view> texts;
  for (const Value& value : *values->as_array()) {
    const std::string* const text = value.as_string();
    if (text != nullptr) texts.push_back(*text);
  }
  return fmt::format("{} {} ({})", key, operation == "In" ? "in" : "notin", fmt::join(texts, ","));
}

}  // namespace

std::optional<std::string> pod_selector_of(const Value& workload) {
  const Value* const selector = workload.find("spec", "selector");
  if (selector == nullptr) return std::nullopt;
  std::vector<std::string> requirements;
  const Value* const labels = selector->find("matchLabels");
  if (labels != nullptr && labels->is_object()) {
    for (const auto& [key, value] : *labels->as_object()) {
      const std::string* const text = value.as_string();
      if (text == nullptr) return std::nullopt;
      requirements.push_back(fmt::format("{}={}", key, *text));
    }
  }
  const Value* const expressions = selector->find("matchExpressions");
  if (expressions != nullptr && expressions->as_array() != nullptr) {
    for (const Value& expression : *expressions->as_array()) {
      requirements.push_back(requirement_text(expression));
      if (requirements.back().empty()) return std::nullopt;
    }
  }
  if (requirements.empty()) return std::nullopt;
  return fmt::format("{}", fmt::join(requirements, ","));
}

Task<Health> read_health_with_pods(Cluster& cluster, const Value& workload, Health health,
                                   WallTime now) {
  const std::optional<std::string> selector = pod_selector_of(workload);
  if (!selector || health.status != HealthStatus::in_progress) co_return health;
  const std::string place(workload.text_at("metadata", "namespace"));
  std::vector<std::string> names;
  std::function<void(const Value&)> each = collect_names(names);
  MetadataQuery query{
      .group_kind = {"", "Pod"}, .namespace_name = place, .label_selector = *selector, .name = {}};
  const Result<void> listed = co_await cluster.list_metadata(std::move(query), std::move(each));
  if (!listed) co_return health;
  std::vector<Value> pods;
  for (std::string& name : names) {
    ResourceId id{"", "Pod", place, std::move(name)};
    Result<std::optional<Value>> pod = co_await cluster.get(std::move(id), "v1");
    if (pod && *pod) pods.push_back(std::move(**pod));
  }
  co_return health_with_pods(std::move(health), pods, now);
}

}  // namespace primocane
