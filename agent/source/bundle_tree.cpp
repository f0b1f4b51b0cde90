// SPDX-License-Identifier: Apache-2.0
#include "source/bundle_tree.hpp"

#include "base/os_error.hpp"
#include "base/sha256.hpp"
#include "source/bundle_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <map>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::size_t entry_line_max = 8192;  // a path of 4096 bytes and what stands before it
constexpr std::size_t bundle_piece = 16UL * 1024;
constexpr ByteCount bundle_link_max{4096};

struct BundleEntry {
  BundleLetter letter = BundleLetter::file;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string hash;  // of the content, in hexadecimal digits
};

// Walks a tree without recursion, because a stranger decides how deep it is.
class BundleWriter {
 public:
  BundleWriter(const StoredTree& tree, ByteCount file_max, const BundleSink& sink)
      : tree_(tree), file_max_(file_max), output_(sink) {}

  Result<void> write() {
    TRY(output_.begin());
    folders_.emplace_back();
    while (!folders_.empty()) {
      const RelativePath folder = std::move(folders_.back());
      folders_.pop_back();
      std::vector<TreeEntry> entries = TRY(tree_.list(folder));
      for (const TreeEntry& entry : entries) {
        const RelativePath path = TRY(folder.join(entry.name));
        if (++entries_ > bundle_entries_max) {
          return fail(ErrorKind::invalid,
                      fmt::format("has more than {} files and folders", bundle_entries_max));
        }
        TRY(write_entry(path, entry.kind));
      }
    }
    return output_.finish();
  }

 private:
  Result<void> write_entry(const RelativePath& path, EntryKind kind) {
    switch (kind) {
      case EntryKind::folder:
        if (std::ranges::count(path.str(), '/') > static_cast<std::ptrdiff_t>(bundle_depth_max)) {
          return fail(ErrorKind::invalid,
                      fmt::format("has more than {} folders within each other", bundle_depth_max));
        }
        folders_.push_back(path);
        return {};
      case EntryKind::file: {
        const Result<std::string> content = tree_.read(path, file_max_);
        if (content) return output_.put(BundleLetter::file, path, *content);
        if (content.error().kind != ErrorKind::invalid) return std::unexpected(content.error());
        return output_.put_unreadable(path, content.error().message);
      }
      case EntryKind::symlink:
        return output_.put(BundleLetter::link, path, TRY(tree_.link_target(path)));
      case EntryKind::submodule:
        return output_.put(BundleLetter::submodule, path, TRY(tree_.link_target(path)));
      case EntryKind::absent:
        break;
    }
    return {};
  }

  const StoredTree& tree_;
  ByteCount file_max_;
  BundleOutput output_;
  std::vector<RelativePath> folders_;
  std::size_t entries_ = 0;
};

std::unexpected<Error> damaged_bundle(std::string_view what) {
  return fail(ErrorKind::unavailable, fmt::format("the stored copy is damaged: {}", what));
}

// Some bytes of `file`; fewer only at its end.
Result<std::string> read_piece(int file, std::uint64_t offset, std::size_t size) {
  std::string piece(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count =
        ::pread(file, piece.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return damaged_bundle(describe_errno(errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  piece.resize(filled);
  return piece;
}

// Goes through the list of entries and steps over their content.
class BundleScan {
 public:
  BundleScan(int file, std::uint64_t size) : file_(file), size_(size) {}

  Result<std::map<std::string, BundleEntry>> entries() {
    if (TRY(read_piece(file_, 0, bundle_magic.size())) != bundle_magic) {
      return damaged_bundle("it is no bundle");
    }
    offset_ = bundle_magic.size();
    std::map<std::string, BundleEntry> entries;
    while (true) {
      const std::string line = TRY(next_line());
      if (line == bundle_end) break;
      auto [path, entry] = TRY(read_entry(line));
      if (entry.size > size_ - offset_) return damaged_bundle("it is cut");
      entry.offset = offset_;
      offset_ += entry.size;
      const bool is_new = entries.emplace(std::move(path), std::move(entry)).second;
      if (!is_new || entries.size() > bundle_entries_max) return damaged_bundle("odd entries");
    }
    if (offset_ != size_) return damaged_bundle("something follows its end");
    return entries;
  }

 private:
  // The text up to the next NUL.
  Result<std::string> next_line() {
    if (offset_ < piece_offset_ || offset_ + entry_line_max > piece_offset_ + piece_.size()) {
      piece_offset_ = offset_;
      piece_ = TRY(read_piece(file_, offset_, bundle_piece));
    }
    const std::string_view rest = std::string_view(piece_).substr(offset_ - piece_offset_);
    const std::size_t end = rest.substr(0, entry_line_max).find('\0');
    if (end == std::string_view::npos) return damaged_bundle("it is cut");
    offset_ += end + 1;
    return std::string(rest.substr(0, end));
  }

  static Result<std::pair<std::string, BundleEntry>> read_entry(std::string_view line) {
    constexpr std::size_t hash_digits = 64;
    constexpr std::string_view letters = "flsx";
    BundleEntry entry;
    const char* const end = line.data() + line.size();
    if (line.size() < 3 || letters.find(line[0]) == std::string_view::npos || line[1] != ' ') {
      return damaged_bundle("an odd entry");
    }
    entry.letter = static_cast<BundleLetter>(line[0]);
    const auto [size_end, error] = std::from_chars(line.data() + 2, end, entry.size);
    line.remove_prefix(static_cast<std::size_t>(size_end - line.data()));
    // " HASH PATH"
    if (error != std::errc() || line.size() < hash_digits + 3 || line[hash_digits + 1] != ' ') {
      return damaged_bundle("an odd entry");
    }
    entry.hash = line.substr(1, hash_digits);
    const std::string_view path = line.substr(hash_digits + 2);
    const Result<RelativePath> parsed = RelativePath::parse(path);
    if (!parsed || parsed->str() != path || parsed->is_root()) return damaged_bundle("an odd path");
    return std::pair(std::string(path), std::move(entry));
  }

  int file_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  std::uint64_t piece_offset_ = 0;
  std::string piece_;
};

EntryKind kind_of_letter(BundleLetter letter) {
  if (letter == BundleLetter::link) return EntryKind::symlink;
  return letter == BundleLetter::submodule ? EntryKind::submodule : EntryKind::file;
}

class BundleTree final : public StoredTree {
 public:
  BundleTree(UniqueFd file, std::map<std::string, BundleEntry> entries,
             std::function<void()> damaged)
      : file_(std::move(file)), entries_(std::move(entries)), damaged_(std::move(damaged)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    if (path.is_root()) return EntryKind::folder;
    const auto found = entries_.find(path.str());
    if (found != entries_.end()) return kind_of_letter(found->second.letter);
    const std::string prefix = path.str() + '/';
    const auto inside = entries_.lower_bound(prefix);
    const bool is_folder = inside != entries_.end() && inside->first.starts_with(prefix);
    return is_folder ? EntryKind::folder : EntryKind::absent;
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    return read(path, bundle_link_max);
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    const std::string prefix = path.is_root() ? "" : path.str() + '/';
    std::vector<TreeEntry> listed;
    auto entry = entries_.lower_bound(prefix);
    while (entry != entries_.end() && entry->first.starts_with(prefix)) {
      const std::size_t end = entry->first.find('/', prefix.size());
      const std::string name = entry->first.substr(prefix.size(), end - prefix.size());
      if (end == std::string::npos) {
        listed.push_back({name, kind_of_letter(entry->second.letter)});
        ++entry;
        continue;
      }
      listed.push_back({name, EntryKind::folder});
      // Past all that is in it: "0" is the letter after "/".
      entry = entries_.lower_bound(prefix + name + '0');
    }
    return listed;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    const auto found = entries_.find(path.str());
    if (found == entries_.end()) return damaged_bundle(path.str());
    const BundleEntry& entry = found->second;
    const ByteCount size(entry.size);
    if (entry.letter == BundleLetter::file && size > limit) return too_large(path, size, limit);
    if (size > std::max(limit, bundle_link_max)) return damaged_bundle(path.str());
    std::string content = TRY(read_piece(file_.get(), entry.offset, entry.size));
    if (to_hex(sha256(content)) != entry.hash) {
      damaged_();
      return damaged_bundle(path.str());
    }
    if (entry.letter == BundleLetter::unreadable) return fail(ErrorKind::invalid, content);
    return content;
  }

 private:
  UniqueFd file_;
  std::map<std::string, BundleEntry> entries_;
  std::function<void()> damaged_;
};

}  // namespace

Result<void> write_bundle(const StoredTree& tree, ByteCount file_max, const BundleSink& sink) {
  return BundleWriter(tree, file_max, sink).write();
}

Result<std::unique_ptr<SourceTree>> open_bundle_tree(UniqueFd file, std::function<void()> damaged) {
  return follow_links(TRY(open_stored_bundle(std::move(file), std::move(damaged))));
}

Result<std::unique_ptr<StoredTree>> open_stored_bundle(UniqueFd file,
                                                       std::function<void()> damaged) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size < 0) return damaged_bundle(describe_errno(errno));
  auto entries = TRY(BundleScan(file.get(), static_cast<std::uint64_t>(size)).entries());
  return std::make_unique<BundleTree>(std::move(file), std::move(entries), std::move(damaged));
}

}  // namespace primocane
