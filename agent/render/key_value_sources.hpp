// SPDX-License-Identifier: Apache-2.0
// KeyValueSources: where a generated ConfigMap or Secret takes its data from.
#pragma once

#include "base/error.hpp"
#include "render/env_file.hpp"
#include "render/file_loader.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What a generator lists (api/types/kvpairsources.go).
struct KeyValueSources {
  std::vector<std::string> literals;  ///< "key=value"
  std::vector<std::string> files;     ///< "path", whose last component is the key, or "key=path"
  std::vector<std::string> envs;      ///< paths of env files

  bool operator==(const KeyValueSources&) const = default;
};

/// A file and the key for its content.
struct FileSource {
  std::string key;
  std::string path;

  bool operator==(const FileSource&) const = default;
};

/// Takes an item of `files` apart (api/internal/generators/utils.go). `invalid` if there is more
/// than one "=", or nothing on one side of it.
[[nodiscard]] Result<FileSource> read_file_source(std::string_view text);

/// What the sources hold, by key. Keys may be any text, as in kustomize. `invalid` if a key is
/// there twice, if a source is not as it must be, if a file can't be loaded, or if all of it is
/// bigger than one file may be. No message holds a value.
[[nodiscard]] Result<std::map<std::string, std::string>> load_pairs(const KeyValueSources& sources,
                                                                    const FileLoader& loader);

}  // namespace primocane
