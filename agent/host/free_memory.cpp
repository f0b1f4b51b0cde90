// SPDX-License-Identifier: Apache-2.0
#include "host/free_memory.hpp"

#include <malloc.h>

namespace primocane {

void return_free_memory() { ::malloc_trim(0); }

}  // namespace primocane
