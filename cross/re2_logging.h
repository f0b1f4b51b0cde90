/* SPDX-License-Identifier: Apache-2.0
 * Takes the place of RE2's util/logging.h, whose std::ostringstream links the half megabyte of the
 * C++ library's streams and locales for messages that nobody reads: errors in a pattern are
 * RE2::error(), and what is logged here are mistakes in RE2 itself. */
#pragma once

#include <assert.h>
#include <stdlib.h>

#include "util/util.h"

#define DCHECK(condition) assert(condition)
#define DCHECK_EQ(val1, val2) assert((val1) == (val2))
#define DCHECK_NE(val1, val2) assert((val1) != (val2))
#define DCHECK_LE(val1, val2) assert((val1) <= (val2))
#define DCHECK_LT(val1, val2) assert((val1) < (val2))
#define DCHECK_GE(val1, val2) assert((val1) >= (val2))
#define DCHECK_GT(val1, val2) assert((val1) > (val2))

#define CHECK(x) if (x) {} else FatalLog().stream()
#define CHECK_LT(x, y) CHECK((x) < (y))
#define CHECK_GT(x, y) CHECK((x) > (y))
#define CHECK_LE(x, y) CHECK((x) <= (y))
#define CHECK_GE(x, y) CHECK((x) >= (y))
#define CHECK_EQ(x, y) CHECK((x) == (y))
#define CHECK_NE(x, y) CHECK((x) != (y))

#define LOG_INFO SilentLog()
#define LOG_WARNING SilentLog()
#define LOG_ERROR SilentLog()
#define LOG_FATAL FatalLog()
#define LOG_QFATAL FatalLog()
#ifdef NDEBUG
#define LOG_DFATAL SilentLog()
#else
#define LOG_DFATAL FatalLog()
#endif
#define LOG(severity) LOG_##severity.stream()
#define VLOG(x) if ((x) > 0) {} else SilentLog().stream()

/* Takes whatever a message is made of. */
struct SilentStream {
  template <typename T>
  const SilentStream& operator<<(const T&) const { return *this; }
};

struct SilentLog {
  SilentStream stream() const { return {}; }
};

struct FatalLog : SilentLog {
  ATTRIBUTE_NORETURN ~FatalLog() { abort(); }
};
