// SPDX-License-Identifier: Apache-2.0
// What the files of a pack must look like from outside. Source: gitformat-pack(5).
#pragma once

#include "base/error.hpp"
#include "source/mirror_state.hpp"

#include <string>

namespace primocane {

/// Whether `stem`.pack and `stem`.idx are plain files with the sizes and the checksums at their
/// ends that `pack` must have; `unavailable` says what is wrong. Reads some sixty bytes.
[[nodiscard]] Result<void> check_pack_files(const std::string& stem, const MirrorPack& pack);

/// A value that changes when one of the two files is replaced or written to.
[[nodiscard]] std::string pack_fingerprint(const std::string& stem);

}  // namespace primocane
