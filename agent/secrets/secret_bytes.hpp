// SPDX-License-Identifier: Apache-2.0
// SecretBytes: bytes that open others, kept out of swap and core dumps and overwritten at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace primocane {

/// A key. It has pages of its own, which the kernel is asked not to swap out (mlock) and not to
/// dump (MADV_DONTDUMP); where it refuses, the key is kept all the same: the service has no swap
/// and no core dumps anyway. Overwritten when destroyed. Movable, not copyable.
class SecretBytes {
 public:
  SecretBytes() = default;
  /// `size` zeros.
  explicit SecretBytes(std::size_t size);
  /// A copy of `bytes`.
  explicit SecretBytes(std::span<const std::uint8_t> bytes);
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  [[nodiscard]] std::span<std::uint8_t> bytes() { return {data_, size_}; }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Lets go of all bytes behind the first `size`.
  void shorten(std::size_t size);

 private:
  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // whole pages
};

/// The same bytes, looked at as text.
[[nodiscard]] inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The same text, looked at as bytes.
[[nodiscard]] inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace primocane
