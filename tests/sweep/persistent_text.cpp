// SPDX-License-Identifier: Apache-2.0
#include "sweep/persistent_text.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace primocane {

namespace {

constexpr std::size_t slot_size = 512UL * 1024;

}  // namespace

struct PersistentText::Header {
  std::atomic<std::size_t> current;  // slot that holds
  std::array<std::size_t, 2> sizes;
};

PersistentText::PersistentText(const std::string& path) {
  constexpr std::size_t size = sizeof(Header) + 2 * slot_size;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("can't open " + path);
  void* memory = MAP_FAILED;
  if (::ftruncate(file, static_cast<off_t>(size)) == 0) {
    memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  ::close(file);
  if (memory == MAP_FAILED) throw std::runtime_error("can't map " + path);
  memory_ = {static_cast<char*>(memory), size};
}

PersistentText::~PersistentText() { ::munmap(memory_.data(), memory_.size()); }

std::string PersistentText::get() const {
  const std::size_t current = header().current.load();
  const std::span<char> text = slot(current).first(header().sizes.at(current));
  return {text.begin(), text.end()};
}

void PersistentText::set(std::string_view text) {
  if (text.size() > slot_size) throw std::runtime_error("the text is too long");
  const std::size_t next = 1 - header().current.load();
  std::ranges::copy(text, slot(next).begin());
  header().sizes.at(next) = text.size();
  header().current.store(next);
}

PersistentText::Header& PersistentText::header() const {
  // All bytes zero, as in a new file, is a header without text.
  return *std::launder(reinterpret_cast<Header*>(memory_.data()));
}

std::span<char> PersistentText::slot(std::size_t number) const {
  return memory_.subspan(sizeof(Header) + number * slot_size, slot_size);
}

}  // namespace primocane
