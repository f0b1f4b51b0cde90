// SPDX-License-Identifier: Apache-2.0
// What a HelmRelease says about how Helm works: its `install`, `upgrade`, `rollback`, ... and what
// is done to the chart's objects. Each field is used, refused because it changes what is deployed,
// or ignored.
#pragma once

#include "flux/helm_release_spec.hpp"
#include "flux/spec_reader.hpp"

namespace primocane {

/// Reads all fields of a HelmRelease that are not about its chart, its names and its values.
void read_release_actions(SpecReader& reader, HelmReleaseSpec& spec);

}  // namespace primocane
