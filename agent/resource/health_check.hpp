// SPDX-License-Identifier: Apache-2.0
// Health by conditions that people wrote: a Kustomization's healthCheckExprs, in place of kstatus's
// rules for objects of some groups and kinds (fluxcd/pkg runtime/cel, RFC 0009 of Flux).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "expression/expression.hpp"
#include "resource/health.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// One of healthCheckExprs, as it is written. Without a kind it is for all kinds of its group;
/// `in_progress` and `failed` may be "".
struct HealthCheckExpressions {
  std::string api_version{};
  std::string kind{};
  std::string in_progress{};
  std::string failed{};
  std::string current{};

  bool operator==(const HealthCheckExpressions&) const = default;
};

/// All healthCheckExprs of a Kustomization, ready to be asked. An immutable value.
class HealthChecks {
 public:
  HealthChecks() = default;
  /// `invalid` if an expression is none, `current` is missing, or two are for the same objects; the
  /// message names the field, "healthCheckExprs[0].current: 1:5: ...".
  [[nodiscard]] static Result<HealthChecks> make(
      const std::vector<HealthCheckExpressions>& expressions);

  /// Whether objects of this group and kind have a check here. Jobs never have: Flux's rule for
  /// them comes first.
  [[nodiscard]] bool covers(std::string_view group, std::string_view kind) const;

  /// The health of `object`: by its check if it has one, else by health_of(). Its controller must
  /// have seen its generation; then it is in progress, failed or current by the first condition
  /// that holds, and in progress if none does. Where a condition has no answer, because a field is
  /// missing for example, it is unknown, and the message says why.
  [[nodiscard]] Health health_of(const Value& object, WallTime now) const;

  [[nodiscard]] bool empty() const { return checks_.empty(); }

 private:
  struct Check {
    std::string group;
    std::string kind;  // "" for all
    std::optional<ObjectCondition> in_progress;
    std::optional<ObjectCondition> failed;
    std::optional<ObjectCondition> current;
  };

  [[nodiscard]] const Check* find(std::string_view group, std::string_view kind) const;
  [[nodiscard]] static Health checked(const Check& check, const Value& object);

  std::vector<Check> checks_;
};

}  // namespace primocane
