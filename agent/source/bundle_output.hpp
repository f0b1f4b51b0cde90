// SPDX-License-Identifier: Apache-2.0
// BundleOutput: writes the form of bundle_tree.hpp, entry by entry.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/bundle_tree.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace primocane {

inline constexpr std::string_view bundle_magic = "primocane bundle 1\n";
inline constexpr std::string_view bundle_end = "end";
inline constexpr std::size_t bundle_entries_max = 200'000;
inline constexpr std::size_t bundle_depth_max = 200;

/// What an entry is, as one letter. An unreadable one is a file whose content says why.
enum class BundleLetter : char { file = 'f', link = 'l', submodule = 's', unreadable = 'x' };

/// begin(), then each path once in any order, then finish(). Errors are the sink's.
class BundleOutput {
 public:
  explicit BundleOutput(BundleSink sink) : sink_(std::move(sink)) {}

  [[nodiscard]] Result<void> begin();
  [[nodiscard]] Result<void> put(BundleLetter letter, const RelativePath& path,
                                 std::string_view content);
  /// Notes a file that nobody may read, and why.
  [[nodiscard]] Result<void> put_unreadable(const RelativePath& path, std::string_view reason);
  [[nodiscard]] Result<void> finish();

 private:
  BundleSink sink_;
};

}  // namespace primocane
