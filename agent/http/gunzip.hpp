// SPDX-License-Identifier: Apache-2.0
// Gunzip: a gzip stream (RFC 1952) unpacked piece by piece, with a bound on what it becomes.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

namespace primocane {

/// Puts the next bytes of a stream at the beginning of `to`, which is not empty; how many they are,
/// 0 at the end.
using ReadBytes = std::function<Result<std::size_t>(std::span<char> to)>;

/// Members that follow each other are one stream, as in Go's gzip.Reader.
class Gunzip {
 public:
  /// Takes the packed bytes from `input`. More than `unpacked_max` is an error, however small the
  /// packed stream is.
  Gunzip(ReadBytes input, ByteCount unpacked_max);
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip();

  /// Contract: ReadBytes. `invalid` for what is no gzip stream, damaged, cut, or too large.
  [[nodiscard]] Result<std::size_t> read(std::span<char> to);

 private:
  struct State;

  [[nodiscard]] Result<bool> fill();

  std::unique_ptr<State> state_;
};

}  // namespace primocane
