// SPDX-License-Identifier: Apache-2.0
#include "cli/kustomization_text.hpp"

#include "document/plain_text.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <set>

namespace primocane {

namespace {

constexpr std::size_t columns = 7;
using Row = std::array<std::string, columns>;

// "main@sha1:0123456789ab", as flux shows it.
std::string shown_revision(const std::string& revision) {
  constexpr std::size_t digits = 8;
  const std::size_t colon = revision.rfind(':');
  if (colon == std::string::npos) return revision;
  return revision.substr(0, colon + 1 + digits);
}

Row row_of(const KustomizationStatus& status, WallTime now) {
  const ReadyState& readiness = status.readiness;
  return {status.name.namespace_name,
          status.name.name,
          shown_revision(readiness.revision),
          status.is_suspended ? "True" : "False",
          std::string(to_string(readiness.ready)),
          readiness.since ? write_age(now - *readiness.since) : std::string(),
          plain_line(readiness.message)};
}

std::string draw_row(const Row& row, const std::array<std::size_t, columns>& widths) {
  std::string line;
  for (std::size_t i = 0; i + 1 < columns; ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
  line += row.back();
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

using ChildrenOf = std::map<std::string, std::vector<const KustomizationStatus*>>;

void draw(const KustomizationStatus& status, const ChildrenOf& children, const std::string& indent,
          std::string& text) {
  text += fmt::format("{}/{}", status.name.namespace_name, status.name.name);
  if (!status.source.empty()) text += fmt::format("  {}", status.source);
  text += fmt::format("  {}  {} object{}\n", plain_line(status.path), status.objects,
                      status.objects == 1 ? "" : "s");
  const auto mine = children.find(to_string(status.name));
  if (mine == children.end()) return;
  for (const KustomizationStatus* child : mine->second) {
    const bool is_last = child == mine->second.back();
    text += indent + (is_last ? "└── " : "├── ");
    draw(*child, children, indent + (is_last ? "    " : "│   "), text);
  }
}

}  // namespace

std::string list_kustomizations(const std::vector<KustomizationStatus>& all, WallTime now) {
  std::vector<Row> rows{{"NAMESPACE", "NAME", "REVISION", "SUSPENDED", "READY", "AGE", "MESSAGE"}};
  for (const KustomizationStatus& status : all) rows.push_back(row_of(status, now));
  std::array<std::size_t, columns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) text += draw_row(row, widths);
  return text;
}

std::string draw_kustomizations(const std::vector<KustomizationStatus>& all) {
  ChildrenOf children;
  std::set<std::string> known;
  for (const KustomizationStatus& status : all) known.insert(to_string(status.name));
  for (const KustomizationStatus& status : all) {
    if (known.contains(status.container)) children[status.container].push_back(&status);
  }
  std::string text;
  for (const KustomizationStatus& status : all) {
    if (!known.contains(status.container)) draw(status, children, {}, text);
  }
  return text;
}

}  // namespace primocane
