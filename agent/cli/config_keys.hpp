// SPDX-License-Identifier: Apache-2.0
// The table of all configuration keys: how each is checked, kept and written. The one place that
// knows them; reading, printing and the tests of the documents go by it.
#pragma once

#include "base/error.hpp"
#include "cli/config.hpp"
#include "document/value.hpp"

#include <span>
#include <string>
#include <string_view>

namespace primocane {

struct ConfigKey {
  std::string_view path;  ///< "git.timeouts.connect"
  /// Takes a value into the configuration. File names are seen from `place`. Errors say what was
  /// expected, without the key and the line.
  Result<void> (*take)(Config& config, const Value& value, const ConfigPlace& place);
  /// The value in force.
  Value (*give)(const Config& config);
};

/// In the order in which the file is written.
[[nodiscard]] std::span<const ConfigKey> config_keys();

}  // namespace primocane
