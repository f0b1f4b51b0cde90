// SPDX-License-Identifier: Apache-2.0
// A tree without what .sourceignore and a source's spec.ignore leave out of it, as Flux archives it
// (fluxcd/pkg, sourceignore and artifact/storage/archive.go).
#pragma once

#include "source/ignore_pattern.hpp"
#include "source/linked_tree.hpp"

#include <cstdint>
#include <memory>

namespace primocane {

/// Whether Flux's own patterns count where a source has none at all.
enum class IgnoreDefaults : std::uint8_t { no, yes };

/// The patterns of each .sourceignore are of its folder; `own` ones, of spec.ignore, come after
/// them. The last that matches decides, about each file alone: one that is kept is there, also in a
/// folder that is left out. A .sourceignore itself is done with, and not there. Errors name the one
/// that can't be read.
[[nodiscard]] std::unique_ptr<StoredTree> without_ignored(std::unique_ptr<StoredTree> tree,
                                                          IgnorePatterns own,
                                                          IgnoreDefaults defaults);

}  // namespace primocane
