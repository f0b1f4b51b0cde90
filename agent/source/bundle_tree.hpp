// SPDX-License-Identifier: Apache-2.0
// BundleTree: a tree of files that lies in one file, so that a box can be given it by a descriptor
// that leads nowhere else. The form is for this agent alone: "primocane bundle 1\n", then for each
// entry "KIND SIZE SHA256 PATH", a NUL and the content, then "end" and a NUL. Folders are there
// because something is in them, as in Git.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "source/linked_tree.hpp"
#include "source/source_tree.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace primocane {

/// Takes the next piece of a bundle; an error ends the writing.
using BundleSink = std::function<Result<void>(std::string_view piece)>;

/// Writes all of `tree`. A file of more than `file_max` is noted with why it can't be read.
[[nodiscard]] Result<void> write_bundle(const StoredTree& tree, ByteCount file_max,
                                        const BundleSink& sink);

/// Opens the bundle that `file` is, from its beginning: its list of entries is read at once, their
/// content when it is asked for. `unavailable` for what is no bundle, cut, or has more entries than
/// a bundle may have; so is each later read of content that is not what was written, of which
/// `damaged` is told.
[[nodiscard]] Result<std::unique_ptr<SourceTree>> open_bundle_tree(UniqueFd file,
                                                                   std::function<void()> damaged);

/// The same as it is stored: no symlink is followed.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> open_stored_bundle(UniqueFd file,
                                                                     std::function<void()> damaged);

}  // namespace primocane
