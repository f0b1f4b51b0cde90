// SPDX-License-Identifier: Apache-2.0
// ClusterView: what a pass saw of the cluster before it decides, all of it metadata.
#pragma once

#include "base/error.hpp"
#include "resource/applyset.hpp"
#include "resource/live_object.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// A parent as it lies in the cluster.
struct LiveParent {
  Parent parent;
  std::string resource_version;

  bool operator==(const LiveParent&) const = default;
};

struct ClusterView {
  /// Objects with any ApplySet's label, of the kinds of all parents and those desired.
  std::map<ResourceId, LiveObject> labelled;
  /// Desired objects that are not among them but exist, looked up one by one or by list.
  std::map<ResourceId, LiveObject> unlabelled;
  /// Our parents, by ApplySet id.
  std::map<std::string, LiveParent> parents;
  /// ApplySet ids of other tools' parents, with the words that name them.
  std::map<std::string, std::string> foreign_parents;
  /// Kinds of parents that were not served or not seen, so that `labelled` lacks the members they
  /// may have.
  std::set<GroupKind> unlisted;
  /// Kinds of which the server did not say what there is, though it answers, and why: a conversion
  /// webhook is down, say, or a right is missing. Nothing of them is in the maps above.
  std::map<GroupKind, Error> unseen;
};

}  // namespace primocane
