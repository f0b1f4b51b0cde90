// SPDX-License-Identifier: Apache-2.0
#include "source/bundle_output.hpp"

#include "base/sha256.hpp"

#include <fmt/format.h>

#include <string>

namespace primocane {

Result<void> BundleOutput::begin() { return sink_(bundle_magic); }

Result<void> BundleOutput::put(BundleLetter letter, const RelativePath& path,
                               std::string_view content) {
  TRY(sink_(fmt::format("{} {} {} {}", static_cast<char>(letter), content.size(),
                        to_hex(sha256(content)), path.str()) +
            '\0'));
  return sink_(content);
}

Result<void> BundleOutput::put_unreadable(const RelativePath& path, std::string_view reason) {
  constexpr std::size_t reason_max = 4096;  // what a reader takes
  return put(BundleLetter::unreadable, path, reason.substr(0, reason_max));
}

Result<void> BundleOutput::finish() { return sink_(std::string(bundle_end) + '\0'); }

}  // namespace primocane
