// SPDX-License-Identifier: Apache-2.0
#include "resource/health_check.hpp"

#include "resource/object_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

Result<std::optional<ObjectCondition>> read_condition_text(const std::string& text,
                                                           std::size_t index,
                                                           std::string_view field) {
  if (text.empty()) return std::nullopt;
  auto condition = ObjectCondition::parse(text);
  if (condition) return std::move(*condition);
  return std::unexpected(with_context(fmt::format("healthCheckExprs[{}].{}", index, field),
                                      std::move(condition).error()));
}

// Only where both are integers; a generation that some kinds write as text is left to the
// conditions (status_evaluator.go).
bool is_behind(const Value& object) {
  const auto observed = nested_integer(object, {"status", "observedGeneration"});
  const auto generation = nested_integer(object, {"metadata", "generation"});
  if (!observed || !*observed || !generation || !*generation) return false;
  return **observed != **generation;
}

}  // namespace

Result<HealthChecks> HealthChecks::make(const std::vector<HealthCheckExpressions>& expressions) {
  HealthChecks result;
  for (std::size_t index = 0; index < expressions.size(); ++index) {
    const HealthCheckExpressions& texts = expressions[index];
    Check check{.group = std::string(group_of(texts.api_version)),
                .kind = texts.kind,
                .in_progress = std::nullopt,
                .failed = std::nullopt,
                .current = std::nullopt};
    if (texts.current.empty()) {
      return fail(ErrorKind::invalid,
                  fmt::format("healthCheckExprs[{}] has no expression \"current\"", index));
    }
    const bool is_taken = std::ranges::any_of(result.checks_, [&](const Check& other) {
      return other.group == check.group && other.kind == check.kind;
    });
    if (is_taken) {
      return fail(ErrorKind::invalid,
                  fmt::format("healthCheckExprs[{}] is the second for {} of group \"{}\"", index,
                              check.kind.empty() ? "all kinds" : check.kind, check.group));
    }
    check.in_progress = TRY(read_condition_text(texts.in_progress, index, "inProgress"));
    check.failed = TRY(read_condition_text(texts.failed, index, "failed"));
    check.current = TRY(read_condition_text(texts.current, index, "current"));
    result.checks_.push_back(std::move(check));
  }
  return result;
}

const HealthChecks::Check* HealthChecks::find(std::string_view group, std::string_view kind) const {
  if (group == "batch" && kind == "Job") return nullptr;
  const Check* found = nullptr;
  for (const Check& check : checks_) {
    if (check.group != group) continue;
    if (check.kind == kind) return &check;
    if (check.kind.empty()) found = &check;
  }
  return found;
}

bool HealthChecks::covers(std::string_view group, std::string_view kind) const {
  return find(group, kind) != nullptr;
}

Health HealthChecks::health_of(const Value& object, WallTime now) const {
  const Check* check = find(group_of(object.text_at("apiVersion")), object.text_at("kind"));
  return check == nullptr ? primocane::health_of(object, now) : checked(*check, object);
}

Health HealthChecks::checked(const Check& check, const Value& object) {
  if (is_behind(object)) {
    return {HealthStatus::in_progress, "its controller has not seen the newest generation"};
  }
  struct Step {
    const std::optional<ObjectCondition>& condition;
    HealthStatus status;
    std::string_view name;
  };
  for (const Step& step : {Step{check.in_progress, HealthStatus::in_progress, "inProgress"},
                           Step{check.failed, HealthStatus::failed, "failed"},
                           Step{check.current, HealthStatus::current, "current"}}) {
    if (!step.condition) continue;
    const auto holds = step.condition->holds_for(object);
    if (!holds) {
      return {HealthStatus::unknown,
              fmt::format("the expression {} has no answer: {}", step.name, holds.error().message)};
    }
    if (*holds) return {step.status, fmt::format("the expression {} holds", step.name)};
  }
  return {HealthStatus::in_progress, "no health check expression holds"};
}

}  // namespace primocane
