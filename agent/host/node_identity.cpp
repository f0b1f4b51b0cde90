// SPDX-License-Identifier: Apache-2.0
#include "host/node_identity.hpp"

#include "host/read_file.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace primocane {

std::string host_name() {
  std::array<char, 256> buffer{};
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return {};
  std::string name(buffer.data());
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

std::string boot_id() {
  constexpr std::size_t length = 36;
  const Result<std::string> read = read_file("/proc/sys/kernel/random/boot_id", ByteCount{64});
  return read ? read->substr(0, length) : std::string();
}

}  // namespace primocane
