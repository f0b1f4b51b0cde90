// SPDX-License-Identifier: Apache-2.0
#include "base/letter_case.hpp"
#include "base/take_until.hpp"
#include "base/trimmed.hpp"
#include "document/plain_text.hpp"
#include "secrets/sops_ini.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace primocane {

namespace {

std::string quoted_key(std::string_view key) {
  if (key.find_first_of("\"=:") != std::string_view::npos) return fmt::format("`{}`", key);
  if (key.find('`') != std::string_view::npos) return fmt::format("\"\"\"{}\"\"\"", key);
  return std::string(key);
}

std::string quoted_value(std::string_view value) {
  if (value.find_first_of("\n`") != std::string_view::npos) {
    return fmt::format("\"\"\"{}\"\"\"", value);
  }
  if (value.find_first_of("#;") != std::string_view::npos) return fmt::format("`{}`", value);
  if (trimmed(value).size() != value.size()) return fmt::format("\"{}\"", value);
  return std::string(value);
}

void write_comment(std::string_view comment, std::string& out) {
  while (!comment.empty()) {
    const std::string_view line = take_until(comment, '\n');
    const bool has_sign = line.starts_with('#') || line.starts_with(';');
    out += has_sign ? line.front() : ';';
    out.append(" ").append(trimmed(has_sign ? line.substr(1) : line)) += '\n';
  }
}

// A key with the comment that was above of it, which stands behind it in the tree.
struct IniEntry {
  std::string key;
  std::string value;
  std::string_view comment;
};

Result<std::vector<IniEntry>> entries_of(const SopsNode& section, std::string_view name) {
  std::vector<IniEntry> entries;
  for (const auto& [key, node] : section.items) {
    if (node.kind == SopsKind::comment) {
      if (!entries.empty()) entries.back().comment = node.value.scalar_text();
      continue;
    }
    if (node.kind != SopsKind::scalar) {
      return fail(ErrorKind::invalid, fmt::format("{}: {} is no plain value, as an INI file needs",
                                                  name, plain_line(key)));
    }
    entries.push_back(
        {.key = quoted_key(key), .value = quoted_value(sops_text(node.value)), .comment = {}});
  }
  return entries;
}

void write_entries(const std::vector<IniEntry>& entries, std::string& out) {
  std::size_t width = 0;
  for (const IniEntry& entry : entries) width = std::max(width, entry.key.size());
  for (const IniEntry& entry : entries) {
    write_comment(entry.comment, out);
    out.append(entry.key).append(width - entry.key.size(), ' ');
    out.append(" = ").append(entry.value) += '\n';
  }
}

}  // namespace

Result<std::string> write_sops_ini(const std::vector<SopsBranch>& branches, std::string_view name) {
  std::vector<const SopsItem*> sections;
  for (const SopsBranch& branch : branches) {
    for (const SopsItem& item : branch) {
      if (item.node.kind == SopsKind::comment) continue;
      if (item.node.kind != SopsKind::mapping) {
        return fail(ErrorKind::invalid, fmt::format("{}: {} is no section, as an INI file needs",
                                                    name, plain_line(item.key)));
      }
      sections.push_back(&item);
    }
  }
  std::string out;
  for (const SopsItem* section : sections) {
    const auto& [key, node] = *section;
    const std::vector<IniEntry> entries = TRY(entries_of(node, name));
    if (!node.items.empty() && node.items.front().node.kind == SopsKind::comment) {
      write_comment(node.items.front().node.value.scalar_text(), out);
    }
    const bool is_unnamed = section == sections.front() && in_lower_case(key) == "default";
    if (is_unnamed && entries.empty()) continue;
    if (!is_unnamed) out.append("[").append(key) += "]\n";
    write_entries(entries, out);
    if (section != sections.back()) out += '\n';
  }
  return out;
}

}  // namespace primocane
