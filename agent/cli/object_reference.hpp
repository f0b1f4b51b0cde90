// SPDX-License-Identifier: Apache-2.0
// How people name an object on the command line.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

struct ObjectReference {
  std::string kind;            ///< "Deployment" or "Deployment.apps", whatever the case
  std::string name;            ///< in its namespace
  std::string namespace_name;  ///< "" for any

  bool operator==(const ObjectReference&) const = default;
};

/// Reads KIND/NAME, KIND.GROUP/NAME or, as events print it, KIND/NAMESPACE/NAME. `invalid`, naming
/// what was expected, for anything else, and where `namespace_name` ("" for none) says another
/// namespace.
[[nodiscard]] Result<ObjectReference> parse_object_reference(std::string_view text,
                                                             std::string_view namespace_name);

}  // namespace primocane
