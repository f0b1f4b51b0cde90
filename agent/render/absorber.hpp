// SPDX-License-Identifier: Apache-2.0
// Absorber: lets what generators made join the drafts of a kustomization: as new ones, or in the
// place of those that are there (AbsorbAll in api/resmap/reswrangler.go of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace primocane {

/// Absorbs drafts into a vector of them, which it borrows and which nobody else may change
/// meanwhile. It is indexed once, so that each draft takes a step of log n.
class Absorber {
 public:
  explicit Absorber(std::vector<Draft>& drafts);

  /// Adds `generated`, or, by its behavior, puts it in the place of the draft that has or had its
  /// identity. There, name, namespace, earlier identities and behavior are those of the old draft;
  /// its labels and annotations stay where the new one has no others; the name gets a hash if both
  /// ask for it; and under `merge` the old data stay as well, as texts. All else is that of the new
  /// one, also the type of a Secret. `invalid` if there is no such draft but must be, the other way
  /// round, if there are several, or if a number is among the old data to be merged.
  [[nodiscard]] Result<void> absorb(Draft generated);

 private:
  void add_ids(std::size_t index);
  [[nodiscard]] Result<void> put_in_place(std::size_t index, Draft generated);

  std::vector<Draft>& drafts_;
  std::map<DraftId, std::vector<std::size_t>> places_;  ///< of each identity, also of earlier ones
};

}  // namespace primocane
