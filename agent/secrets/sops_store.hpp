// SPDX-License-Identifier: Apache-2.0
// Reads and writes the formats of SOPS (stores/ of getsops/sops).
#pragma once

#include "base/error.hpp"
#include "document/limits.hpp"
#include "document/value.hpp"
#include "secrets/sops_format.hpp"
#include "secrets/sops_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// An encrypted file: what its documents hold (only YAML has more than one), without the metadata.
struct SopsFile {
  std::vector<SopsBranch> branches;
  Value metadata;
};

/// Reads an encrypted file. `invalid`, beginning with `name`, if it is none of that format, has no
/// metadata of SOPS, or exceeds `limits`.
[[nodiscard]] Result<SopsFile> read_sops_file(SopsFormat format, std::string_view content,
                                              std::string_view name, const DocumentLimits& limits);

/// The text of a decrypted file. `invalid`, beginning with `name`, if the format can't express it:
/// a binary file is what is under "data", dotenv has no lists, INI has sections of plain values.
[[nodiscard]] Result<std::string> write_sops_file(SopsFormat format,
                                                  std::vector<SopsBranch> branches,
                                                  std::string_view name);

}  // namespace primocane
