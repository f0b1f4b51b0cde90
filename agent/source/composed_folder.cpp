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
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view composed_file = "composed.json";
constexpr ByteCount composed_file_max{64UL * 1024};
constexpr std::string_view composed_seal = "bundle";

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

// What can't be read is composed anew.
std::optional<Value> ComposedFolder::written() const {
  const auto text = read_if_there(file_path(), composed_file_max);
  if (!text || !*text) return std::nullopt;
  Result<Value> value = read_json(**text, composed_file);
  if (!value || !is_fingerprint(value->text_at("state"))) return std::nullopt;
  return std::move(*value);
}

std::optional<ComposedTree> ComposedFolder::read() const {
  const std::optional<Value> value = written();
  if (!value) return std::nullopt;
  ComposedTree tree{.wish = std::string(value->text_at("wish")),
                    .state = std::string(value->text_at("state")),
                    .revision = std::string(value->text_at("revision")),
                    .path = {}};
  tree.path = bundle_path(tree.state);
  if (!is_bundle_there(tree.path, value->find(composed_seal))) return std::nullopt;
  return tree;
}

void ComposedFolder::forget_damaged() const {
  const std::optional<Value> value = written();
  if (!value) return;
  const std::string path = bundle_path(value->text_at("state"));
  if (is_bundle_whole(path, value->find(composed_seal))) return;
  std::error_code ignored;  // what stays is found to be damaged again
  std::filesystem::remove(file_path(), ignored);
  std::filesystem::remove(path, ignored);
}

Result<void> ComposedFolder::write(const ComposedTree& tree) const {
  Value seal = TRY(seal_of_bundle(tree.path));
  const Value value = Object{{"wish", tree.wish},
                             {"state", tree.state},
                             {"revision", tree.revision},
                             {std::string(composed_seal), std::move(seal)}};
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
