// SPDX-License-Identifier: Apache-2.0
#include "document/limits.hpp"

#include <fmt/format.h>

namespace primocane {

Result<void> check_size(std::string_view text, std::string_view name,
                        const DocumentLimits& limits) {
  if (text.size() <= limits.bytes.count()) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: has {}, more than the {} that a file may have", name,
                          to_string(ByteCount(text.size())), to_string(limits.bytes)));
}

}  // namespace primocane
