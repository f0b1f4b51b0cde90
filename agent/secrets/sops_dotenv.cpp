// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_dotenv.hpp"

#include "base/take_until.hpp"
#include "document/plain_text.hpp"
#include "document/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view metadata_prefix = "sops_";

std::string with_breaks(std::string_view text) {
  std::string lines;
  for (std::size_t escape = 0; !text.empty(); text.remove_prefix(std::min(escape, text.size()))) {
    escape = text.find("\\n");
    lines += text.substr(0, escape);
    if (escape == std::string_view::npos) break;
    lines += '\n';
    escape += 2;
  }
  return lines;
}

std::string without_breaks(std::string_view text) {
  std::string line;
  for (const char letter : text) {
    if (letter == '\n') {
      line += "\\n";
    } else {
      line += letter;
    }
  }
  return line;
}

}  // namespace

Result<SopsDotenv> read_sops_dotenv(std::string_view content, std::string_view name) {
  SopsDotenv read{.branch = {}, .metadata = Object()};
  for (std::uint32_t number = 1; !content.empty(); ++number) {
    std::string_view line = take_until(content, '\n');
    if (line.empty()) continue;
    if (line.starts_with('#')) {
      read.branch.push_back({.key = {}, .node = SopsNode(SopsKind::comment, line.substr(1))});
      continue;
    }
    if (line.find('=') == std::string_view::npos) {
      return fail(ErrorKind::invalid, at_line(name, number) + "a line must be \"key=value\"");
    }
    const std::string_view key = take_until(line, '=');
    if (key.starts_with(metadata_prefix)) {
      read.metadata.as_object()->append(std::string(key.substr(metadata_prefix.size())), line);
      continue;
    }
    read.branch.push_back(
        {.key = std::string(key), .node = SopsNode(SopsKind::scalar, with_breaks(line))});
  }
  return read;
}

Result<std::string> write_sops_dotenv(const SopsBranch& branch, std::string_view name) {
  std::string text;
  for (const auto& [key, node] : branch) {
    if (node.kind == SopsKind::comment) {
      text.append("#").append(node.value.scalar_text()) += '\n';
      continue;
    }
    if (node.kind != SopsKind::scalar) {
      return fail(ErrorKind::invalid, fmt::format("{}: {} is no plain value, as an env file needs",
                                                  name, plain_line(key)));
    }
    text.append(key) += '=';
    text +=
        node.value.is_string() ? without_breaks(node.value.scalar_text()) : sops_text(node.value);
    text += '\n';
  }
  return text;
}

}  // namespace primocane
