// SPDX-License-Identifier: Apache-2.0
// UniqueIds: sees to it that no object is in a set twice.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

#include <map>

namespace primocane {

/// The identities of a set so far. An object without namespace and one in "default" are the same;
/// two versions of one are not, as in kustomize.
class UniqueIds {
 public:
  /// `invalid`, naming both places, if the object is there already.
  [[nodiscard]] Result<void> add(const Draft& draft);

 private:
  std::map<DraftId, Origin> places_;
};

}  // namespace primocane
