// SPDX-License-Identifier: Apache-2.0
// Substitution: Flux's post-build variables put into one object (fluxcd/pkg,
// kustomize/kustomize_varsub.go).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "flux/variable_expansion.hpp"
#include "resource/confidential_fields.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace primocane {

/// spec.postBuild.substituteStrategy.
enum class SubstituteStrategy : std::uint8_t {
  with_variables,  ///< only if there is a variable
  always,          ///< also for the defaults of variables alone
};

/// An immutable value.
class Substitution {
 public:
  /// Nothing is substituted.
  Substitution() = default;
  /// Line feeds in values are dropped, as Flux drops them.
  Substitution(Variables variables, SubstituteStrategy strategy);
  /// The same with variables of which those in `confidential` come out of Secrets.
  Substitution(Variables variables, SubstituteStrategy strategy,
               const std::set<std::string>& confidential);

  /// Whether objects are looked at at all.
  [[nodiscard]] bool is_wanted() const {
    return strategy_ == SubstituteStrategy::always || !variables_.empty();
  }

  /// Replaces the expressions in the YAML text of `object` and reads it again, so that a value may
  /// become a number or a mapping. An object with the label or annotation
  /// `kustomize.toolkit.fluxcd.io/substitute: disabled` stays as it is, and so does one without a
  /// "$". `invalid`, with the field where there is one and without any value, for a variable that
  /// is not set, one whose name is none, and for what is no YAML mapping any more. Otherwise the
  /// fields into which something confidential went.
  [[nodiscard]] Result<ConfidentialFields> apply(Value& object, const DocumentLimits& limits) const;

 private:
  Variables variables_;
  Variables others_;  // with other values for those that are confidential; none: there are none
  SubstituteStrategy strategy_ = SubstituteStrategy::with_variables;
};

}  // namespace primocane
