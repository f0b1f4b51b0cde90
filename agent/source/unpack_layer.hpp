// SPDX-License-Identifier: Apache-2.0
// Turns a layer of an OCI artifact (a gzipped tar) into a bundle of its files, as source-controller
// unpacks one into a folder. Source: fluxcd/pkg/tar untar.go. Runs in a box.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "http/gunzip.hpp"
#include "source/bundle_tree.hpp"

#include <cstdint>

namespace primocane {

/// What becomes of symlinks: source-controller leaves them out of what it extracts;
/// kustomize-controller refuses them in a layer that was copied.
enum class LayerSymlinks : std::uint8_t { ignore, refuse };

struct UnpackLimits {
  ByteCount file_max;      ///< a larger file is there, but can't be read
  ByteCount unpacked_max;  ///< of the whole tar archive

  bool operator==(const UnpackLimits&) const = default;
};

/// Writes all files of `layer`. Folders without files are left out, as Git does. `invalid` for a
/// layer that is no gzipped tar, larger than the limits, or with a name that leaves its folder, a
/// name that occurs twice, a hard link or a device. Flux makes an empty file of a hard link and
/// takes the last of two files of one name; both would deploy something else than was packed.
[[nodiscard]] Result<void> unpack_layer(ReadBytes layer, LayerSymlinks symlinks,
                                        const UnpackLimits& limits, const BundleSink& sink);

}  // namespace primocane
