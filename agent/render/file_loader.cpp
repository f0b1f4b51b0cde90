// SPDX-License-Identifier: Apache-2.0
#include "render/file_loader.hpp"

#include "document/plain_text.hpp"
#include "document/utf8.hpp"
#include "render/path_within.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

Result<RelativePath> FileLoader::resolve(std::string_view text) const {
  if (text.empty()) return fail(ErrorKind::invalid, "the path of a file is empty");
  RelativePath path = TRY(root_.join(text));
  if (restrictor_ == LoadRestrictor::root_only && !is_within(path, root_)) {
    return fail(ErrorKind::invalid,
                fmt::format("security; file \"{}\" is not in or below folder \"{}\": move it "
                            "there, or build with --load-restrictor LoadRestrictionsNone",
                            path.str(), root_.str()));
  }
  return path;
}

Result<std::string> FileLoader::load(std::string_view text) const {
  return read(TRY(resolve(text)));
}

Result<std::string> FileLoader::read(const RelativePath& path) const {
  if (++count_.read > count_.max) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: a rendering may read at most {} files, counted each time",
                            path.str(), count_.max));
  }
  if (!is_utf8(path.str())) {
    return fail(ErrorKind::invalid, fmt::format("{}: the name of this file is not UTF-8: rename it",
                                                plain_line(path.str())));
  }
  return tree_.read(path, limits_.bytes);
}

}  // namespace primocane
