// SPDX-License-Identifier: Apache-2.0
#include "host/private_memory.hpp"

#include "host/sanitizers.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace primocane {

void keep_memory_private() {
  // The leak check at the end of a test build traces its own process.
  if constexpr (is_sanitized) return;
  // Both: the limit is inherited by children, the attribute holds where a program takes the dumps.
  const rlimit none{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace primocane
