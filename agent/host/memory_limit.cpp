// SPDX-License-Identifier: Apache-2.0
#include "host/memory_limit.hpp"

#include "base/error.hpp"
#include "base/take_until.hpp"
#include "host/read_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace primocane {

namespace {

constexpr ByteCount file_max(64UL * 1024);

}  // namespace

std::string_view cgroup_path(std::string_view text) {
  constexpr std::string_view version_2 = "0::";
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    if (line.starts_with(version_2)) return line.substr(version_2.size());
  }
  return {};
}

std::optional<ByteCount> read_memory_max(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return ByteCount(bytes);
}

std::optional<ByteCount> cgroup_memory_max() {
  const Result<std::string> groups = read_file("/proc/self/cgroup", file_max);
  if (!groups) return std::nullopt;
  std::string path(cgroup_path(*groups));
  std::optional<ByteCount> least;
  while (path.size() > 1) {
    const Result<std::string> text = read_file("/sys/fs/cgroup" + path + "/memory.max", file_max);
    const std::optional<ByteCount> limit = text ? read_memory_max(*text) : std::nullopt;
    if (limit && (!least || *limit < *least)) least = limit;
    path.erase(path.rfind('/'));
  }
  return least;
}

ByteCount child_memory_max(ByteCount all) {
  constexpr std::uint64_t own = 96ULL * 1024 * 1024;
  const std::uint64_t rest = all.count() > own ? all.count() - own : 0;
  return ByteCount(std::max(rest, all.count() / 2));
}

}  // namespace primocane
