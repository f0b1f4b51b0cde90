// SPDX-License-Identifier: Apache-2.0
// Budget: what an evaluation may still cost. Expressions come from repositories, and run on the
// loop that does everything else.
#pragma once

#include <cstddef>

namespace primocane {

/// Steps and memory that are left. Once either is used up, the evaluation ends with an error, which
/// no operator absorbs.
class Budget {
 public:
  /// For the length of a text, in steps.
  static constexpr std::size_t bytes_per_step = 64;

  Budget(std::size_t steps, std::size_t bytes) : steps_(steps), bytes_(bytes) {}

  /// Takes steps; false once they are used up.
  bool take(std::size_t steps = 1) {
    if (steps > steps_) is_exhausted_ = true;
    steps_ -= is_exhausted_ ? 0 : steps;
    return !is_exhausted_;
  }
  /// Takes the steps that looking at that many bytes costs.
  bool look_at(std::size_t bytes) { return take(1 + bytes / bytes_per_step); }
  /// Takes memory, and the steps that filling it costs. What is freed is not given back.
  bool make(std::size_t bytes) {
    if (bytes > bytes_) is_exhausted_ = true;
    bytes_ -= is_exhausted_ ? 0 : bytes;
    return look_at(bytes);
  }

  [[nodiscard]] bool is_exhausted() const { return is_exhausted_; }
  /// How many bytes can still be made.
  [[nodiscard]] std::size_t bytes_left() const { return is_exhausted_ ? 0 : bytes_; }

 private:
  std::size_t steps_;
  std::size_t bytes_;
  bool is_exhausted_ = false;
};

}  // namespace primocane
