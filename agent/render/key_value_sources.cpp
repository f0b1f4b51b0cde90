// SPDX-License-Identifier: Apache-2.0
#include "render/key_value_sources.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace primocane {

namespace {

// Go's path.Base.
std::string_view base_name(std::string_view path) {
  if (path.empty()) return ".";
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return "/";
  return path.substr(path.rfind('/') + 1);
}

// Gathers the pairs of one generator.
class Pairs {
 public:
  explicit Pairs(ByteCount bytes_max) : bytes_max_(bytes_max.count()) {}

  Result<void> add(KeyValue pair) {
    bytes_ += pair.key.size() + pair.value.size();
    if (bytes_ > bytes_max_) {
      return fail(ErrorKind::invalid,
                  fmt::format("the data may have at most {} bytes in all", bytes_max_));
    }
    const auto [place, is_new] = pairs_.try_emplace(std::move(pair.key), std::move(pair.value));
    if (is_new) return {};
    return fail(ErrorKind::invalid,
                fmt::format("the key \"{}\" is there twice", plain_line(place->first)));
  }

  std::map<std::string, std::string> take() { return std::move(pairs_); }

 private:
  std::map<std::string, std::string> pairs_;
  std::uint64_t bytes_ = 0;
  std::uint64_t bytes_max_;
};

}  // namespace

Result<FileSource> read_file_source(std::string_view text) {
  const auto bad = [&](std::string_view message) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" among files {}", plain_line(text), message));
  };
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos) {
    return FileSource{.key = std::string(base_name(text)), .path = std::string(text)};
  }
  if (text.find('=', sign + 1) != std::string_view::npos) return bad("has more than one \"=\"");
  if (sign == 0) return bad("has no key before the \"=\"");
  if (sign + 1 == text.size()) return bad("has no path behind the \"=\"");
  return FileSource{.key = std::string(text.substr(0, sign)),
                    .path = std::string(text.substr(sign + 1))};
}

Result<std::map<std::string, std::string>> load_pairs(const KeyValueSources& sources,
                                                      const FileLoader& loader) {
  Pairs pairs(loader.limits().bytes);
  for (const std::string& path : sources.envs) {
    const std::string content = TRY(loader.load(path));
    const std::string shown = plain_line(loader.shown(path));
    for (KeyValue& pair : TRY(read_env_file(content, shown))) TRY(pairs.add(std::move(pair)));
  }
  for (std::size_t index = 0; index < sources.literals.size(); ++index) {
    auto pair = read_literal(sources.literals[index]);
    if (!pair) {
      return std::unexpected(
          with_context(fmt::format("literal {}", index + 1), std::move(pair).error()));
    }
    TRY(pairs.add(std::move(*pair)));
  }
  for (const std::string& file : sources.files) {
    FileSource source = TRY(read_file_source(file));
    std::string content = TRY(loader.load(source.path));
    TRY(pairs.add({.key = std::move(source.key), .value = std::move(content)}));
  }
  return pairs.take();
}

}  // namespace primocane
