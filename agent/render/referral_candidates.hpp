// SPDX-License-Identifier: Apache-2.0
// Which object a name means: kustomize's rules for choosing among objects that had it
// (api/filters/nameref/nameref.go, selectReferral; resmap, SubsetThatCouldBeReferencedByResource).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace primocane {

/// What a reference must agree in with other candidates to make a choice between them needless.
enum class SameEnough : std::uint8_t { names, names_and_namespaces };

/// A name that stands in a field of `referrer`.
struct NameInUse {
  const Draft& referrer;
  const VersionedKind& target;  ///< what kind of objects the field names
  std::string_view path;        ///< of the field
  std::string_view name;
  /// The namespace beside the name, if the field has one.
  std::optional<std::string_view> namespace_name = std::nullopt;
};

/// The drafts of a set by the names they had. Borrows the drafts; must not outlive them.
class ReferralCandidates {
 public:
  explicit ReferralCandidates(const std::vector<Draft>& drafts);

  /// No name was ever changed: nothing needs to be looked for.
  [[nodiscard]] bool empty() const { return by_name_.empty(); }
  /// The draft that is meant, or null. `invalid` if several may be.
  [[nodiscard]] Result<const Draft*> choose(const NameInUse& use, SameEnough same) const;

 private:
  [[nodiscard]] std::vector<const Draft*> with_name(const NameInUse& use) const;
  [[nodiscard]] bool means_original(const NameInUse& use) const;

  const std::vector<Draft>& drafts_;
  /// By a name that they had, then by the namespace that they are in now.
  std::unordered_map<std::string_view, std::map<std::string_view, std::vector<std::size_t>>>
      by_name_;
  /// From which namespaces to which: the original and the present one of all drafts.
  std::set<std::pair<std::string, std::string>> moves_;
};

}  // namespace primocane
