// SPDX-License-Identifier: Apache-2.0
// Which GitRepositories include which others (spec.include), and in which order they may be asked.
// Pure functions.
#pragma once

#include "flux/kustomization_spec.hpp"
#include "resource/resource.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// Whom each source includes, in the order of its spec.
using SourceInclusions = std::map<SourceReference, std::vector<SourceReference>>;

/// What `object` includes: nothing for other kinds, and for one that can't be read.
[[nodiscard]] std::vector<SourceReference> includes_of(const Resource& object);

/// `references` and all that they include, in waves: each after what it includes, but for those
/// that include each other in a circle.
[[nodiscard]] std::vector<std::set<SourceReference>> inclusion_waves(
    const SourceInclusions& inclusions, const std::set<SourceReference>& references);

/// Those that include each other in a circle, each with the way: "a → b → a".
[[nodiscard]] std::map<SourceReference, std::string> inclusion_circles(
    const SourceInclusions& inclusions);

}  // namespace primocane
