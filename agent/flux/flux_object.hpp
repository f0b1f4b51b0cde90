// SPDX-License-Identifier: Apache-2.0
// What becomes of Flux's own objects in a rendered set: they are input for an agent like this one,
// and never applied.
#pragma once

#include "resource/resource.hpp"

#include <cstdint>

namespace primocane {

enum class FluxRole : std::uint8_t {
  none,        ///< an object like any other: applied
  followed,    ///< a Kustomization, a source, a release: read and acted upon
  not_served,  ///< of another kind of Flux's: taken out, and told once
  controller,  ///< part of Flux's own controllers: taken out without a word
  home,        ///< the Namespace of the controllers: applied, and never pruned
};

/// Whether `id` is a source of a kind that is followed.
[[nodiscard]] bool is_followed_source(const ResourceId& id);

/// The part that `object` plays. Flux's controllers are known by the labels and the kinds that
/// `flux bootstrap` and `flux install` write into gotk-components.yaml (flux2, manifests/install
/// and pkg/manifestgen/install).
[[nodiscard]] FluxRole flux_role_of(const Resource& object);

}  // namespace primocane
