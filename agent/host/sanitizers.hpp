// SPDX-License-Identifier: Apache-2.0
// Whether this is a build for tests with the address or thread sanitizer. Their runtime reserves
// terabytes of address space and calls what a box otherwise refuses; what is shipped has neither.
#pragma once

namespace primocane {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif
#else
inline constexpr bool is_sanitized = false;
#endif

}  // namespace primocane
