// SPDX-License-Identifier: Apache-2.0
#include "host/memory_pressure.hpp"

#include "base/take_until.hpp"
#include "host/memory_limit.hpp"
#include "host/read_file.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr ByteCount counters_max(std::size_t{16} * 1024);
constexpr double stall_share_max = 10;

template <typename T>
std::optional<T> read_whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint64_t> read_limit_events(std::string_view text) {
  std::optional<std::uint64_t> sum;
  while (!text.empty()) {
    std::string_view count = take_until(text, '\n');
    const std::string_view name = take_until(count, ' ');
    if (name != "high" && name != "max") continue;
    const std::optional<std::uint64_t> events = read_whole<std::uint64_t>(count);
    if (!events) return std::nullopt;
    sum = sum.value_or(0) + *events;
  }
  return sum;
}

std::optional<double> read_stall_share(std::string_view text) {
  constexpr std::string_view key = "avg10=";
  std::string_view line = take_until(text, '\n');
  if (take_until(line, ' ') != "some") return std::nullopt;
  const std::string_view share = take_until(line, ' ');
  if (!share.starts_with(key)) return std::nullopt;
  return read_whole<double>(share.substr(key.size()));
}

MemoryPressure MemoryPressure::of_this_process() {
  const Result<std::string> groups = read_file("/proc/self/cgroup", counters_max);
  const std::string path(groups ? cgroup_path(*groups) : std::string_view());
  return MemoryPressure(path.empty() ? std::string() : "/sys/fs/cgroup" + path);
}

bool MemoryPressure::has_risen() {
  if (folder_.empty()) return false;
  const Result<std::string> events = read_file(folder_ + "/memory.events", counters_max);
  const std::optional<std::uint64_t> count = events ? read_limit_events(*events) : std::nullopt;
  const std::optional<std::uint64_t> known = std::exchange(known_events_, count);
  if (count && known && *count > *known) return true;
  const Result<std::string> stalls = read_file(folder_ + "/memory.pressure", counters_max);
  const std::optional<double> share = stalls ? read_stall_share(*stalls) : std::nullopt;
  return share && *share > stall_share_max;
}

}  // namespace primocane
