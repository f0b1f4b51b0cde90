// SPDX-License-Identifier: Apache-2.0
// Unrenderable: the renderings of one Kustomization that can't be made, and why. They are not tried
// again until something else is rendered, or a person asks for a pass.
#pragma once

#include "base/error.hpp"
#include "resource/desired.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace primocane {

/// The last few of them, by the keys of the renderings: each commit brings another one.
class Unrenderable {
 public:
  static constexpr std::size_t kept_max = 8;

  /// Why the rendering `key` can't be made; null if that is not known. Until the next add().
  [[nodiscard]] const Error* find(const Fingerprint& key) const;

  /// Forgets the oldest one where there are too many. The first error of a key counts.
  void add(const Fingerprint& key, Error error);

  void clear() { entries_.clear(); }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// How many were ever added: grows with each that is new.
  [[nodiscard]] std::uint64_t added() const { return added_; }

 private:
  struct Entry {
    Fingerprint key{};
    Error error;
  };

  std::vector<Entry> entries_;
  std::uint64_t added_ = 0;
};

}  // namespace primocane
