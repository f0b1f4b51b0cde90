// SPDX-License-Identifier: Apache-2.0
// Takes a bundle (bundle_tree.hpp) from the boxed child that makes it.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "source/bundle_tree.hpp"
#include "source/pack_work.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace primocane {

/// What a bundle is made from.
struct BundleJob {
  PackRequest request;     ///< one that is answered with a bundle
  std::string root;        ///< the box's: a mirror
  std::vector<int> files;  ///< what the child is given besides; borrowed until it has started
  ByteCount size_max;
  std::string size_key;  ///< what the configuration calls that
  std::chrono::seconds time_max{120};
};

/// Hands `sink` the bundle piece by piece. `invalid` for what is wrong with the trees, `denied` for
/// more than `size_max`, `unavailable` for what may pass by itself. `children` outlives it.
Task<Result<void>> take_bundle(ChildProcesses* children, BundleJob job, BundleSink sink);

/// Writes the file `path`, which is there whole or not at all.
Task<Result<void>> write_bundle_of(ChildProcesses* children, BundleJob job, std::string path);

}  // namespace primocane
