// SPDX-License-Identifier: Apache-2.0
#include "node/file_check.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::uint32_t others_read = 0004;
constexpr std::uint32_t anybody_else = 0077;

Finding wrong(const FileFacts& file, Level level, std::string what, std::string advice) {
  return {.check = "configuration",
          .level = level,
          .message = fmt::format("{}: {}", file.key, what),
          .advice = std::move(advice)};
}

}  // namespace

std::optional<Finding> examine_file(const FileFacts& file) {
  if (file.error) {
    const bool is_denied = file.error->kind == ErrorKind::denied;
    return wrong(file, Level::problem, file.error->message,
                 is_denied ? "run this with sudo, as the agent runs as root"
                           : fmt::format("write the file, or take {} out", file.key));
  }
  if (file.is_empty) {
    return wrong(file, Level::problem, file.path + " is empty",
                 fmt::format("write into it what {} is for (docs/configuration.md)", file.key));
  }
  const std::string mode = fmt::format("{} has mode {:04o}", file.path, file.mode);
  const std::string advice = fmt::format("sudo chmod 600 {}", file.path);
  if (file.secrecy == Secrecy::ssh_key && (file.mode & anybody_else) != 0) {
    return wrong(file, Level::problem, mode + ", and ssh uses no key that others may read", advice);
  }
  if (file.secrecy != Secrecy::open && (file.mode & others_read) != 0) {
    return wrong(file, Level::problem,
                 mode + ": everybody on this node can read it, so the agent does not", advice);
  }
  return std::nullopt;
}

}  // namespace primocane
