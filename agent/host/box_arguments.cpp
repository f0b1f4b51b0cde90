// SPDX-License-Identifier: Apache-2.0
#include "host/box_arguments.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <string_view>

namespace primocane {

namespace {

constexpr std::string_view box_option = "--boxed";

// The values in their order; each argument is "name=value".
constexpr std::array<std::string_view, 10> names{
    "root=",   "writable=", "files=", "memory=", "cpu=",
    "output=", "required=", "uid=",   "gid=",    "parent="};

Result<std::uint64_t> read_number(std::string_view text, std::uint64_t max) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > max) {
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no number up to {}", text, max));
  }
  return number;
}

}  // namespace

std::vector<std::string> write_box_arguments(const BoxSetup& setup) {
  const std::array<std::string, names.size()> values{
      setup.root,
      setup.root_is_writable ? "1" : "0",
      std::to_string(setup.files),
      std::to_string(setup.limits.memory.count()),
      std::to_string(setup.limits.cpu_time.count()),
      std::to_string(setup.limits.output.count()),
      setup.boxing == Boxing::required ? "1" : "0",
      std::to_string(setup.user.uid),
      std::to_string(setup.user.gid),
      std::to_string(setup.parent),
  };
  std::vector<std::string> arguments{"primocane", std::string(box_option), setup.work};
  for (std::size_t i = 0; i < names.size(); ++i) {
    arguments.push_back(fmt::format("{}{}", names[i], values[i]));
  }
  return arguments;
}

bool are_box_arguments(std::span<char* const> arguments) {
  return arguments.size() >= 2 && std::string_view(arguments[1]) == box_option;
}

Result<BoxSetup> read_box_arguments(std::span<char* const> arguments) {
  constexpr std::size_t first = 3;
  if (!are_box_arguments(arguments) || arguments.size() != first + names.size()) {
    return fail(ErrorKind::invalid, fmt::format("{} is for the agent's own use", box_option));
  }
  std::array<std::string_view, names.size()> values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view argument = arguments[first + i];
    if (!argument.starts_with(names[i])) {
      return fail(ErrorKind::invalid, fmt::format("\"{}\": expected {}...", argument, names[i]));
    }
    values[i] = argument.substr(names[i].size());
  }
  constexpr std::uint64_t bytes_max = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t files_max = 200;
  constexpr std::uint64_t id_max = std::numeric_limits<std::int32_t>::max();
  BoxSetup setup;
  setup.work = arguments[2];
  setup.root = values[0];
  setup.root_is_writable = TRY(read_number(values[1], 1)) == 1;
  setup.files = static_cast<std::uint32_t>(TRY(read_number(values[2], files_max)));
  setup.limits.memory = ByteCount(TRY(read_number(values[3], bytes_max)));
  setup.limits.cpu_time = std::chrono::seconds(TRY(read_number(values[4], id_max)));
  setup.limits.output = ByteCount(TRY(read_number(values[5], bytes_max)));
  setup.boxing = TRY(read_number(values[6], 1)) == 1 ? Boxing::required : Boxing::best_effort;
  setup.user.uid = static_cast<uid_t>(TRY(read_number(values[7], id_max)));
  setup.user.gid = static_cast<gid_t>(TRY(read_number(values[8], id_max)));
  setup.parent = static_cast<pid_t>(TRY(read_number(values[9], id_max)));
  return setup;
}

}  // namespace primocane
