// SPDX-License-Identifier: Apache-2.0
// What becomes of an object between Git and a server-side apply, whoever's set it is in: the
// normalisation that Flux does (fluxcd/pkg ssa/normalize), without its round trip through Go types.
#pragma once

#include "base/error.hpp"
#include "resource/resource.hpp"

namespace primocane {

/// Changes `resource.object` in place:
/// - `status` goes (but for CRDs, as Flux keeps it), and the metadata that only a server writes;
/// - a Secret's stringData moves into data, because the server would do so behind our entry
///   (kubernetes#108008);
/// - ports of Services and of Pods and their templates get protocol TCP where they name none, since
///   it is part of the key of their lists (structured-merge-diff#130).
/// `invalid`, with file and line and without the value, if stringData does not hold strings.
[[nodiscard]] Result<void> normalise(Resource& resource);

}  // namespace primocane
