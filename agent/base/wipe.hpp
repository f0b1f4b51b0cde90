// SPDX-License-Identifier: Apache-2.0
// wipe: what a text held is not in memory any more.
#pragma once

#include <cstring>
#include <string>

namespace primocane {

/// Overwrites `text` and empties it. The compiler can't leave that out.
inline void wipe(std::string& text) {
  text.resize(text.capacity());
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

}  // namespace primocane
