// SPDX-License-Identifier: Apache-2.0
#include "source/composed_folder.hpp"

#include "base/bytes.hpp"
#include "base/durable_file.hpp"
#include "document/json.hpp"
#include "document/value.hpp"
#include "source/bundle_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace primocane {

namespace {

constexpr std::string_view composed_file = "composed.json";
constexpr ByteCount composed_file_max{64UL * 1024};

// It becomes part of a path.
bool is_fingerprint(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

std::string ComposedFolder::file_path() const { return fmt::format("{}/{}", path_, composed_file); }

std::string ComposedFolder::bundle_path(std::string_view state) const {
  return fmt::format("{}/{}{}", path_, state, bundle_suffix);
}

std::optional<ComposedTree> ComposedFolder::read(std::string_view wish) const {
  const auto text = read_if_there(file_path(), composed_file_max);
  // What can't be read is composed anew.
  if (!text || !*text) return std::nullopt;
  const Result<Value> value = read_json(**text, composed_file);
  if (!value || value->text_at("wish") != wish || !is_fingerprint(value->text_at("state"))) {
    return std::nullopt;
  }
  ComposedTree tree{.wish = std::string(wish),
                    .state = std::string(value->text_at("state")),
                    .revision = std::string(value->text_at("revision")),
                    .path = {}};
  tree.path = bundle_path(tree.state);
  std::error_code error;
  if (!std::filesystem::is_regular_file(tree.path, error)) return std::nullopt;
  return tree;
}

Result<void> ComposedFolder::write(const ComposedTree& tree) const {
  const Value value =
      Object{{"wish", tree.wish}, {"state", tree.state}, {"revision", tree.revision}};
  TRY(replace_file(file_path(), write_json(value), Durability::synced));
  remove_bundles_but(path_, {tree.path});
  return {};
}

void ComposedFolder::clear() const {
  std::error_code error;
  if (!std::filesystem::exists(file_path(), error)) return;
  std::error_code ignored;  // what stays is tried again
  std::filesystem::remove_all(submodules_path(), ignored);
  remove_bundles_but(path_, {});
  std::filesystem::remove(file_path(), ignored);
}

std::string ComposedFolder::submodules_path() const { return path_ + "/submodules"; }

}  // namespace primocane
