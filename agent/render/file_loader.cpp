// SPDX-License-Identifier: Apache-2.0
#include "render/file_loader.hpp"

#include "document/plain_text.hpp"
#include "document/utf8.hpp"
#include "render/path_within.hpp"
#include "render/remote_base.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace primocane {

FileLoader::FileLoader(const SourceTree& tree, RelativePath root, LoadRestrictor restrictor,
                       LoadLimits& limits, RemoteTrees& remotes)
    : tree_(tree),
      root_(std::move(root)),
      restrictor_(restrictor),
      limits_(limits),
      remotes_(remotes) {}

Result<RelativePath> FileLoader::path_of(std::string_view text) const {
  auto path = root_.join(text);
  const bool may_leave = !text.starts_with('/') && text.find("..") != std::string_view::npos;
  if (!path && may_leave) return fail(ErrorKind::denied, path.error().message);
  return path;
}

Result<std::string> FileLoader::load(std::string_view text) const {
  if (is_remote_file(text)) {
    RemoteContent content = TRY(remotes_.find(text, RemoteRole::file));
    if (auto* const file = std::get_if<RemoteText>(&content)) return std::move(file->text);
    // Not here yet: going on with nothing tells what else is needed.
    return std::string();
  }
  if (text.empty()) return fail(ErrorKind::invalid, "the path of a file is empty");
  const RelativePath path = TRY(path_of(text));
  TRY(check_restriction(path));
  return read(path);
}

Result<std::string> FileLoader::read(const RelativePath& path) const {
  if (++limits_.files_read > limits_.files_max) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: a rendering may read at most {} files, counted each time",
                            path.str(), limits_.files_max));
  }
  if (!is_utf8(path.str())) {
    return fail(ErrorKind::invalid, fmt::format("{}: the name of this file is not UTF-8: rename it",
                                                plain_line(path.str())));
  }
  return tree_.read(path, limits_.document.bytes);
}

std::string FileLoader::shown(std::string_view text) const {
  const auto path = is_remote_file(text) ? Result<RelativePath>(RelativePath()) : root_.join(text);
  return path && !path->is_root() ? path->str() : std::string(text);
}

Result<void> FileLoader::check_restriction(const RelativePath& path) const {
  if (restrictor_ == LoadRestrictor::none || is_within(path, root_)) return {};
  return fail(ErrorKind::invalid,
              fmt::format("security; file \"{}\" is not in or below \"{}\": move it there, or "
                          "build with --load-restrictor LoadRestrictionsNone",
                          path.str(), root_.str()));
}

}  // namespace primocane
