// SPDX-License-Identifier: Apache-2.0
// Reads small files whole: configuration, kubeconfig, tokens.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/secrecy.hpp"

#include <string>

namespace primocane {

/// The content of the file `path`, which must be a regular one (or a link to one). Errors name it:
/// `unavailable` when it does not exist, `denied` when it may not be read, or everybody may read
/// what is not Secrecy::open, `invalid` when it is no file or larger than `limit`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, ByteCount limit,
                                            Secrecy secrecy = Secrecy::open);

}  // namespace primocane
