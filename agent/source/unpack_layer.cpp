// SPDX-License-Identifier: Apache-2.0
#include "source/unpack_layer.hpp"

#include "base/ids.hpp"
#include "source/bundle_output.hpp"
#include "source/printable.hpp"
#include "source/tar_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::unexpected<Error> refuse_entry(std::string_view name, std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("holds {}, {}", printable(name), why));
}

// As validRelPath of fluxcd/pkg/tar, and what our own paths can't be.
Result<RelativePath> layer_path(const std::string& name) {
  const bool is_inside =
      !name.empty() && !name.contains('\\') && !name.starts_with('/') && !name.contains("../");
  Result<RelativePath> path = RelativePath::parse(name);
  if (!is_inside || !path) return refuse_entry(name, "a name that may leave the archive's folder");
  return path;
}

// Writes each entry and sees to it that all of them can lie in one folder.
class LayerUnpacker {
 public:
  LayerUnpacker(LayerSymlinks symlinks, const UnpackLimits& limits, const BundleSink& sink)
      : symlinks_(symlinks), limits_(limits), output_(sink) {}

  Result<void> unpack(TarReader& archive) {
    TRY(output_.begin());
    while (true) {
      const std::optional<TarEntry> entry = TRY(archive.next());
      if (!entry) return output_.finish();
      if (++entries_ > bundle_entries_max) {
        return fail(ErrorKind::invalid,
                    fmt::format("holds more than {} files and folders", bundle_entries_max));
      }
      TRY(take(*entry, archive));
    }
  }

 private:
  Result<void> take(const TarEntry& entry, TarReader& archive) {
    const RelativePath path = TRY(layer_path(entry.name));
    switch (entry.kind) {
      case TarKind::file:
        return take_file(entry, path, archive);
      case TarKind::folder:
        return claim_folder(path);
      case TarKind::symlink:
        if (symlinks_ == LayerSymlinks::ignore) return {};
        return refuse_entry(entry.name, "a symlink: Flux takes none from a copied layer");
      case TarKind::hard_link:
        return refuse_entry(entry.name, "a hard link: pack its content instead");
      case TarKind::device:
        return refuse_entry(entry.name, "which is no file, folder or symlink");
    }
    return {};
  }

  Result<void> take_file(const TarEntry& entry, const RelativePath& path, TarReader& archive) {
    if (path.is_root()) return refuse_entry(entry.name, "a file in the place of a folder");
    TRY(claim_folder(path.parent()));
    if (folders_.contains(path.str())) {
      return refuse_entry(entry.name, "a file in the place of a folder");
    }
    if (!files_.insert(path.str()).second) return refuse_entry(entry.name, "twice");
    if (ByteCount(entry.size) > limits_.file_max) {
      const auto error = too_large(path, ByteCount(entry.size), limits_.file_max);
      return output_.put_unreadable(path, error.error().message);
    }
    return output_.put(BundleLetter::file, path, TRY(archive.content()));
  }

  // Notes `folder` and all that it lies in.
  Result<void> claim_folder(const RelativePath& folder) {
    if (std::ranges::count(folder.str(), '/') >= static_cast<std::ptrdiff_t>(bundle_depth_max)) {
      return fail(ErrorKind::invalid,
                  fmt::format("holds more than {} folders within each other", bundle_depth_max));
    }
    for (RelativePath above = folder; !above.is_root(); above = above.parent()) {
      if (files_.contains(above.str())) {
        return refuse_entry(above.str(), "a folder in the place of a file");
      }
      if (!folders_.insert(above.str()).second) return {};
    }
    return {};
  }

  LayerSymlinks symlinks_;
  UnpackLimits limits_;
  BundleOutput output_;
  std::set<std::string, std::less<>> files_;
  std::set<std::string, std::less<>> folders_;
  std::size_t entries_ = 0;
};

}  // namespace

Result<void> unpack_layer(ReadBytes layer, LayerSymlinks symlinks, const UnpackLimits& limits,
                          const BundleSink& sink) {
  Gunzip unpacked(std::move(layer), limits.unpacked_max);
  TarReader archive([&unpacked](std::span<char> to) { return unpacked.read(to); });
  return LayerUnpacker(symlinks, limits, sink).unpack(archive);
}

}  // namespace primocane
