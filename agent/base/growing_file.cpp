// SPDX-License-Identifier: Apache-2.0
#include "base/growing_file.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

std::string unfinished(const std::string& path) { return path + std::string(unfinished_suffix); }

std::unexpected<Error> cannot_write(const std::string& path) {
  return fail(ErrorKind::unavailable,
              fmt::format("can't write {}: {}", path, describe_errno(errno)));
}

}  // namespace

Result<GrowingFile> GrowingFile::make(std::string path) {
  const std::string temporary = unfinished(path);
  // Whatever stands there, a link elsewhere perhaps, is not written to.
  ::unlink(temporary.c_str());
  UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (!file.is_open()) return cannot_write(temporary);
  return GrowingFile(std::move(path), std::move(file));
}

GrowingFile::~GrowingFile() {
  if (file_.is_open()) ::unlink(unfinished(path_).c_str());
}

Result<void> GrowingFile::add(std::string_view piece) {
  constexpr unsigned all_before =
      SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  // Only paces the writing: finish() is what makes it durable.
  ::sync_file_range(file_.get(), 0, 0, all_before);
  while (!piece.empty()) {
    const ssize_t count = ::write(file_.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_write(path_);
    piece.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> GrowingFile::finish() {
  if (::fsync(file_.get()) != 0) return cannot_write(path_);
  TRY(rename_file(unfinished(path_), path_));
  file_.reset();
  return sync_folder(path_.substr(0, path_.rfind('/') + 1));
}

}  // namespace primocane
