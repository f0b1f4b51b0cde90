// SPDX-License-Identifier: Apache-2.0
#include "source/pack_indexer.hpp"

#include "source/commit_history.hpp"
#include "source/git_handles.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace primocane {

namespace {

constexpr std::size_t header_size = 12;  // gitformat-pack(5): "PACK", version, count of objects
constexpr unsigned pack_file_mode = 0440;

std::uint64_t big_endian(std::string_view four_bytes) {
  std::uint64_t value = 0;
  for (const char byte : four_bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

Result<void> check_header(std::string_view header, std::uint64_t objects_max) {
  if (header.substr(0, 4) != "PACK") {
    return fail(ErrorKind::invalid, "what the Git server sent is no pack");
  }
  const std::uint64_t count = big_endian(header.substr(8, 4));
  if (count > objects_max) {
    return fail(
        ErrorKind::invalid,
        fmt::format("the pack has {} objects: at most {} are taken (git.limits.packObjects)", count,
                    objects_max));
  }
  return {};
}

Error indexing_error() {
  const git_error* error = git_error_last();
  const bool is_disk =
      error != nullptr && (error->klass == GIT_ERROR_OS || error->klass == GIT_ERROR_FILESYSTEM);
  return Error{
      is_disk ? ErrorKind::unavailable : ErrorKind::invalid,
      fmt::format("the pack can't be {}: {}", is_disk ? "written" : "indexed", git_error_text())};
}

ByteCount size_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return ByteCount(error ? 0 : size);
}

// Feeds the whole pack to `indexer`; its size.
Result<ByteCount> append_all(git_indexer* indexer, const IndexPack& request, const PackInput& input,
                             git_indexer_progress& progress) {
  std::uint64_t size = 0;
  std::string header;
  while (true) {
    const std::string piece = TRY(input());
    if (piece.empty()) break;
    if (header.size() < header_size) {
      header += piece.substr(0, header_size - header.size());
      if (header.size() == header_size) TRY(check_header(header, request.objects_max));
    }
    size += piece.size();
    if (ByteCount(size) > request.pack_max) {
      return fail(ErrorKind::invalid,
                  fmt::format("the pack is larger than {} (git.limits.packSize)",
                              to_string(request.pack_max)));
    }
    if (git_indexer_append(indexer, piece.data(), piece.size(), &progress) != 0) {
      return std::unexpected(indexing_error());
    }
  }
  if (header.size() < header_size) {
    return fail(ErrorKind::unavailable, "the pack ends before it begins");
  }
  return ByteCount(size);
}

}  // namespace

Result<IndexedPack> index_pack(const IndexPack& request, const std::string& folder,
                               const PackInput& input) {
  const GitLibrary library;
  IndexedPack answer;
  {
    git_indexer_options options = GIT_INDEXER_OPTIONS_INIT;
    // Without an object database: a pack that is not whole in itself is refused.
    const auto indexer = git_make<GitIndexer>(git_indexer_new, folder.c_str(), pack_file_mode,
                                              static_cast<git_odb*>(nullptr), &options);
    if (!indexer) return std::unexpected(indexing_error());
    git_indexer_progress progress{};
    answer.pack_size = TRY(append_all(indexer.get(), request, input, progress));
    if (git_indexer_commit(indexer.get(), &progress) != 0) {
      return std::unexpected(indexing_error());
    }
    answer.name = git_indexer_name(indexer.get());
    answer.objects = progress.total_objects;
  }
  const std::string index_path = fmt::format("{}/pack-{}.idx", folder, answer.name);
  answer.index_size = size_of(index_path);
  const CommitHistory history = TRY(look_for_ancestors(index_path, request.tip, request.look_for));
  answer.distances = history.distances;
  answer.is_cut = history.is_cut;
  answer.committed_at = history.committed_at;
  return answer;
}

}  // namespace primocane
