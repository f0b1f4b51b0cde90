// SPDX-License-Identifier: Apache-2.0
#include "host/node_identity.hpp"

#include "host/read_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
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

std::string machine_id() {
  constexpr std::size_t length = 32;
  const Result<std::string> read = read_file("/etc/machine-id", ByteCount{256});
  return read && read->size() >= length ? read->substr(0, length) : std::string();
}

}  // namespace primocane
