// SPDX-License-Identifier: Apache-2.0
#include "render/go_path.hpp"

#include "base/take_until.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>

namespace primocane {

namespace {

// The components; the first one of an absolute path is "".
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view last = path.substr(slash + 1);
    if (slash != 0 || !last.empty()) parts.push_back(last);
    if (slash == 0) parts.emplace_back();
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }
  std::ranges::reverse(parts);
  return parts;
}

}  // namespace

std::string join_path(const std::vector<std::string_view>& parts) {
  std::string whole;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!whole.empty()) whole += '/';
    whole += part;
  }
  if (whole.empty()) return whole;
  const std::string_view root = whole.starts_with('/') ? "/" : "";
  std::vector<std::string_view> kept;
  for (std::string_view rest = whole; !rest.empty();) {
    const std::string_view part = take_until(rest, '/');
    if (part.empty() || part == ".") continue;
    const bool leads_up = part == "..";
    if (leads_up && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else if (!leads_up || root.empty()) {
      kept.push_back(part);
    }
  }
  if (kept.empty()) return root.empty() ? "." : "/";
  return fmt::format("{}{}", root, fmt::join(kept, "/"));
}

std::string insert_path_part(std::string_view path, std::uint64_t position, std::string_view part) {
  std::vector<std::string_view> parts = split(path);
  std::size_t index = std::min<std::uint64_t>(position, parts.size());
  const bool is_absolute = !parts.empty() && parts.front().empty();
  if (is_absolute && index < parts.size()) ++index;
  parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(index), part);
  return is_absolute ? "/" + join_path({parts.begin() + 1, parts.end()}) : join_path(parts);
}

}  // namespace primocane
