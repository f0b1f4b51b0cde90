// SPDX-License-Identifier: Apache-2.0
#include "secrets/secret_bytes.hpp"

#include <mbedtls/platform_util.h>

#include <algorithm>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

// 16 KiB on a Raspberry Pi 5.
std::size_t page_size() {
  const long size = ::sysconf(_SC_PAGESIZE);
  return size > 0 ? static_cast<std::size_t>(size) : 4096;
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  const std::size_t page = page_size();
  capacity_ = (size + page - 1) / page * page;
  data_ = static_cast<std::uint8_t*>(::operator new(capacity_, std::align_val_t(page)));
  std::fill_n(data_, capacity_, std::uint8_t{0});
  ::mlock(data_, capacity_);
  ::madvise(data_, capacity_, MADV_DONTDUMP);
}

SecretBytes::SecretBytes(std::span<const std::uint8_t> bytes) : SecretBytes(bytes.size()) {
  std::ranges::copy(bytes, data_);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  return *this;
}

SecretBytes::~SecretBytes() {
  if (data_ == nullptr) return;
  mbedtls_platform_zeroize(data_, capacity_);
  // The allocator may give the pages to others.
  ::madvise(data_, capacity_, MADV_DODUMP);
  ::munlock(data_, capacity_);
  ::operator delete(data_, std::align_val_t(page_size()));
}

void SecretBytes::shorten(std::size_t size) {
  if (size >= size_) return;
  mbedtls_platform_zeroize(data_ + size, size_ - size);
  size_ = size;
}

}  // namespace primocane
