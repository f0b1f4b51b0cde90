// SPDX-License-Identifier: Apache-2.0
#include "base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t commit_id_digits = 40;
constexpr std::size_t path_length_max = 4096;

bool is_lower_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Appends the components of `text` to the normalised `base`.
Result<std::string> append_components(std::string base, std::string_view text) {
  if (text.size() > path_length_max) {
    return fail(ErrorKind::invalid, fmt::format("path of {} bytes: at most {} are allowed",
                                                text.size(), path_length_max));
  }
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::invalid, "path holds a NUL byte");
  }
  if (text.starts_with('/')) {
    return fail(ErrorKind::invalid,
                fmt::format("path \"{}\" is absolute: paths are relative to the repository", text));
  }
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    const std::string_view component = text.substr(begin, end - begin);
    begin = end + 1;
    if (component.empty() || component == ".") continue;
    if (component == "..") {
      if (base.empty()) {
        return fail(ErrorKind::invalid, fmt::format("path \"{}\" leaves the repository", text));
      }
      const std::size_t slash = base.rfind('/');
      base.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    if (!base.empty()) base += '/';
    base += component;
  }
  return base;
}

}  // namespace

Result<CommitId> CommitId::parse(std::string_view text) {
  if (text.size() != commit_id_digits || !std::ranges::all_of(text, is_lower_hex)) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is not a commit: expected {} lower-case hexadecimal digits",
                            text.substr(0, commit_id_digits), commit_id_digits));
  }
  return CommitId(std::string(text));
}

Result<RelativePath> RelativePath::parse(std::string_view text) {
  return RelativePath().join(text);
}

Result<RelativePath> RelativePath::join(std::string_view text) const {
  return RelativePath(TRY(append_components(text_, text)));
}

std::string_view RelativePath::name() const {
  const std::size_t slash = text_.rfind('/');
  return slash == std::string::npos ? std::string_view(text_)
                                    : std::string_view(text_).substr(slash + 1);
}

RelativePath RelativePath::parent() const {
  const std::size_t slash = text_.rfind('/');
  return slash == std::string::npos ? RelativePath() : RelativePath(text_.substr(0, slash));
}

std::string to_string(const KustomizationName& name) {
  return fmt::format("{}/{}", name.namespace_name, name.name);
}

}  // namespace primocane
