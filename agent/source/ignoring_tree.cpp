// SPDX-License-Identifier: Apache-2.0
#include "source/ignoring_tree.hpp"

#include "source/filtered_tree.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view ignore_file = ".sourceignore";
constexpr ByteCount ignore_file_max{1024 * 1024};

using PathView = std::span<const std::string_view>;

std::vector<std::string_view> components_of(const RelativePath& path) {
  std::vector<std::string_view> components;
  std::string_view rest = path.str();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    components.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return components;
}

std::optional<IgnoreVerdict> last_match(const IgnorePatterns& patterns, PathView path,
                                        bool is_folder) {
  for (const IgnorePattern& pattern : std::views::reverse(patterns)) {
    if (const auto verdict = pattern.match(path, is_folder)) return verdict;
  }
  return std::nullopt;
}

class IgnoringTree final : public FilteredTree {
 public:
  IgnoringTree(std::unique_ptr<StoredTree> tree, IgnorePatterns own, IgnoreDefaults defaults)
      : FilteredTree(std::move(tree)),
        own_(std::move(own)),
        version_control_(version_control_patterns()) {
    if (defaults == IgnoreDefaults::yes && own_.empty()) defaults_ = default_ignore_patterns();
  }

 private:
  Result<bool> is_there(const RelativePath& path, EntryKind kind) const override {
    const bool is_folder = kind == EntryKind::folder;
    if (kind == EntryKind::file && path.name() == ignore_file) return false;
    if (!TRY(is_left_out(path, is_folder))) return true;
    return is_folder && TRY(holds_something(path));
  }

  // Walks without recursion: a stranger decides how deep it is.
  Result<bool> holds_something(const RelativePath& top) const {
    std::vector<RelativePath> folders{top};
    while (!folders.empty()) {
      const RelativePath folder = std::move(folders.back());
      folders.pop_back();
      const std::vector<TreeEntry> entries = TRY(whole().list(folder));
      for (const TreeEntry& entry : entries) {
        RelativePath path = TRY(folder.join(entry.name));
        const bool is_folder = entry.kind == EntryKind::folder;
        if (!TRY(is_left_out(path, is_folder))) return true;
        if (is_folder) folders.push_back(std::move(path));
      }
    }
    return false;
  }

  Result<bool> is_left_out(const RelativePath& path, bool is_folder) const {
    const std::vector<std::string_view> components = components_of(path);
    if (const auto verdict = last_match(own_, components, is_folder)) {
      return *verdict == IgnoreVerdict::leave_out;
    }
    RelativePath folder = path;
    while (!folder.is_root()) {
      folder = folder.parent();
      const std::size_t depth = components_of(folder).size();
      const IgnorePatterns* const patterns = TRY(patterns_of(folder));
      const PathView inner = PathView(components).subspan(depth);
      if (const auto verdict = last_match(*patterns, inner, is_folder)) {
        return *verdict == IgnoreVerdict::leave_out;
      }
    }
    if (last_match(version_control_, components, is_folder)) return true;
    // A single pattern anywhere takes the place of the defaults.
    return last_match(defaults_, components, is_folder) && !TRY(has_patterns());
  }

  Result<const IgnorePatterns*> patterns_of(const RelativePath& folder) const {
    const auto known = patterns_.find(folder);
    if (known != patterns_.end()) return &known->second;
    const RelativePath path = TRY(folder.join(ignore_file));
    IgnorePatterns patterns;
    if (TRY(whole().kind(path)) == EntryKind::file) {
      const std::string text = TRY(whole().read(path, ignore_file_max));
      Result<IgnorePatterns> read = read_ignore_patterns(text);
      if (!read) return std::unexpected(with_context(path.str(), read.error()));
      patterns = std::move(*read);
    }
    return &patterns_.emplace(folder, std::move(patterns)).first->second;
  }

  // Asked for only where a default would leave something out: it looks into every folder.
  Result<bool> has_patterns() const {
    if (!has_patterns_) has_patterns_ = TRY(look_for_patterns());
    return *has_patterns_;
  }

  Result<bool> look_for_patterns() const {
    std::vector<RelativePath> folders{RelativePath()};
    while (!folders.empty()) {
      const RelativePath folder = std::move(folders.back());
      folders.pop_back();
      const std::vector<TreeEntry> entries = TRY(whole().list(folder));
      for (const TreeEntry& entry : entries) {
        if (entry.kind == EntryKind::folder) folders.push_back(TRY(folder.join(entry.name)));
        if (entry.name != ignore_file || entry.kind != EntryKind::file) continue;
        const IgnorePatterns* const patterns = TRY(patterns_of(folder));
        if (!patterns->empty()) return true;
      }
    }
    return false;
  }

  IgnorePatterns own_;
  IgnorePatterns version_control_;
  IgnorePatterns defaults_;
  mutable std::map<RelativePath, IgnorePatterns> patterns_;  // of the folders that were looked at
  mutable std::optional<bool> has_patterns_;
};

}  // namespace

std::unique_ptr<StoredTree> without_ignored(std::unique_ptr<StoredTree> tree, IgnorePatterns own,
                                            IgnoreDefaults defaults) {
  return std::make_unique<IgnoringTree>(std::move(tree), std::move(own), defaults);
}

}  // namespace primocane
