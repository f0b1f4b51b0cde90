// SPDX-License-Identifier: Apache-2.0
// Turns a stream of a pack's bytes into a pack and its index on disk, by libgit2. Runs in a box.
#pragma once

#include "base/error.hpp"
#include "source/pack_work.hpp"

#include <functional>
#include <string>

namespace primocane {

/// Gives the next bytes of the pack; an empty string at its end.
using PackInput = std::function<Result<std::string>()>;

/// Indexes the pack that `input` gives into `folder`, makes both files durable, and looks at the
/// history in it. `invalid` for a pack over the limits, damaged, or without the tip; `unavailable`
/// when it is cut or cannot be written.
[[nodiscard]] Result<IndexedPack> index_pack(const IndexPack& request, const std::string& folder,
                                             const PackInput& input);

}  // namespace primocane
