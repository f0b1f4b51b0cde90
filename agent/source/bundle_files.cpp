// SPDX-License-Identifier: Apache-2.0
#include "source/bundle_files.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "base/sha256.hpp"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace primocane {

namespace {

constexpr std::string_view size_key = "size";
constexpr std::string_view hash_key = "sha256";

Value written_seal(std::uint64_t size, std::string_view hash) {
  return Object{{std::string(size_key), std::to_string(size)}, {std::string(hash_key), hash}};
}

}  // namespace

Result<UniqueFd> open_bundle(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.is_open()) return file;
  return std::unexpected(os_error(path, errno));
}

Result<Value> seal_of_bundle(const std::string& path) {
  constexpr std::size_t piece_size = 64UL * 1024;
  const UniqueFd file = TRY(open_bundle(path));
  Sha256Stream hash;
  std::uint64_t size = 0;
  std::string piece(piece_size, '\0');
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(path, errno));
    if (count == 0) break;
    hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
    size += static_cast<std::uint64_t>(count);
  }
  return written_seal(size, to_hex(hash.finish()));
}

bool is_bundle_there(const std::string& path, const Value* seal) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return !error && (seal == nullptr || seal->text_at(size_key) == std::to_string(size));
}

bool is_bundle_whole(const std::string& path, const Value* seal) {
  if (!is_bundle_there(path, seal)) return false;
  if (seal == nullptr) return true;
  const Result<Value> found = seal_of_bundle(path);
  return found && *found == *seal;
}

void remove_bundles_but(const std::string& folder, const std::set<std::string>& kept) {
  remove_unfinished(folder);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    std::error_code ignored;
    if (path.ends_with(bundle_suffix) && !kept.contains(path)) {
      std::filesystem::remove(path, ignored);
    }
  }
}

}  // namespace primocane
