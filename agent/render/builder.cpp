// SPDX-License-Identifier: Apache-2.0
#include "render/builder.hpp"

#include "document/plain_text.hpp"
#include "document/schema_reader.hpp"
#include "document/utf8.hpp"
#include "render/excluded_files.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/name_affixes.hpp"
#include "render/namespace_transformer.hpp"
#include "render/object_file.hpp"
#include "render/unique_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace primocane {

struct Builder::Collection {
  std::vector<Draft> drafts;
  UniqueIds ids;
};

namespace {

// Whether `path` is `folder` or lies below it.
bool is_within(const RelativePath& path, const RelativePath& folder) {
  if (folder.is_root() || path == folder) return true;
  return path.str().starts_with(folder.str()) && path.str()[folder.str().size()] == '/';
}

// What kustomize would fetch from elsewhere (api/internal/git/repospec.go, in essence).
bool is_remote(std::string_view text) {
  constexpr std::array<std::string_view, 5> starts = {"git@", "github.com/",
                                                      "github.com:", "git::", "gh:"};
  return text.find("://") != std::string_view::npos ||
         text.find("?ref=") != std::string_view::npos ||
         text.find(".git/") != std::string_view::npos || text.ends_with(".git") ||
         std::ranges::any_of(starts,
                             [&](std::string_view start) { return text.starts_with(start); });
}

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// Flux leaves out of a walk what these files say. To walk over what was meant to be left out would
// be worse than to stop.
constexpr std::string_view source_ignore = ".sourceignore";

std::unexpected<Error> unserved_source_ignore(const RelativePath& path) {
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} is not supported: list what to build in a kustomization.yaml",
                          path.str(), source_ignore));
}

std::string shown(const RelativePath& folder) {
  return folder.is_root() ? "the root of the repository" : fmt::format("folder {}", folder.str());
}

}  // namespace

Result<std::vector<Draft>> Builder::build(const RelativePath& folder) {
  if (TRY(tree_.kind(folder)) != EntryKind::folder) {
    return fail(ErrorKind::invalid,
                fmt::format("there is no folder \"{}\" in the repository", folder.str()));
  }
  if (const auto file = TRY(find_kustomization_file(tree_, folder))) {
    return build_kustomization(folder, *file);
  }
  TRY(refuse_source_ignore_above(folder));
  Collection collection;
  TRY(add_plain_folder(folder, collection, 0));
  return std::move(collection.drafts);
}

Result<std::vector<Draft>> Builder::build_kustomization(const RelativePath& folder,
                                                        const RelativePath& path) {
  if (open_folders_.size() >= limits_.depth_max) {
    return fail(ErrorKind::invalid, fmt::format("{}: more than {} kustomizations within each other",
                                                path.str(), limits_.depth_max));
  }
  const std::string text = TRY(read(path));
  const KustomizationFile file = TRY(read_kustomization_file(text, path.str(), limits_.document));
  open_folders_.push_back(folder);
  Collection collection;
  for (const ListedPath& listed : file.resources) {
    TRY(add_listed(listed, file, folder, collection));
  }
  open_folders_.pop_back();
  TRY(transform(collection.drafts, file));
  return std::move(collection.drafts);
}

// In kustomize's order (api/internal/target/kusttarget_configplugin.go).
Result<void> Builder::transform(std::vector<Draft>& drafts, const KustomizationFile& file) const {
  if (!file.namespace_name.empty()) {
    if (auto set = set_namespace(drafts, file.namespace_name); !set) {
      return std::unexpected(with_context(file.path, std::move(set).error()));
    }
  }
  add_name_prefix(drafts, file.name_prefix);
  add_name_suffix(drafts, file.name_suffix);
  for (const LabelRule& rule : file.labels) TRY(add_labels(drafts, rule));
  return add_annotations(drafts, file.common_annotations);
}

Result<void> Builder::add_listed(const ListedPath& listed, const KustomizationFile& file,
                                 const RelativePath& folder, Collection& into) {
  const auto bad = [&](std::string_view message) {
    return fail(ErrorKind::invalid, at_line(file.path, listed.line) + std::string(message));
  };
  const auto path = folder.join(listed.text);
  const auto kind = path ? tree_.kind(*path) : Result<EntryKind>(EntryKind::absent);
  if (!kind) return bad(kind.error().message);
  switch (*kind) {
    case EntryKind::file:
      return add_file(*path, into);
    case EntryKind::folder:
      return add_base(listed, file, *path, into);
    case EntryKind::submodule:
      return bad(fmt::format("\"{}\" is a submodule: submodules are not supported", listed.text));
    case EntryKind::symlink:
    case EntryKind::absent:
      break;
  }
  if (is_remote(listed.text)) {
    return bad(fmt::format("\"{}\" is not in this repository: remote resources are not supported",
                           listed.text));
  }
  if (!path) return bad(path.error().message);
  return bad(fmt::format("there is no file or folder \"{}\"", path->str()));
}

Result<void> Builder::add_base(const ListedPath& listed, const KustomizationFile& file,
                               const RelativePath& base, Collection& into) {
  const auto bad = [&](std::string_view message) {
    return fail(ErrorKind::invalid, at_line(file.path, listed.line) + std::string(message));
  };
  const auto open = std::ranges::find_if(
      open_folders_, [&](const RelativePath& folder) { return is_within(folder, base); });
  if (open != open_folders_.end()) {
    return bad(fmt::format("{} leads back to {}: kustomizations may not hold each other",
                           shown(base), shown(*open)));
  }
  const auto found = TRY(find_kustomization_file(tree_, base));
  if (!found) return bad(fmt::format("{} has no kustomization.yaml", shown(base)));
  return append(TRY(build_kustomization(base, *found)), into);
}

Result<void> Builder::add_file(const RelativePath& path, Collection& into) {
  const std::string text = TRY(read(path));
  std::vector<Draft> drafts;
  for (Resource& resource : TRY(read_objects(text, path.str(), limits_.document))) {
    drafts.push_back(
        {.resource = std::move(resource), .previous = {}, .prefixes = {}, .suffixes = {}});
  }
  return append(std::move(drafts), into);
}

// fluxcd/pkg kustomize, scanManifests.
Result<void> Builder::add_plain_folder(const RelativePath& folder, Collection& into,
                                       std::uint32_t depth) {
  if (depth > limits_.depth_max) {
    return fail(ErrorKind::invalid, fmt::format("{}: more than {} folders within each other",
                                                folder.str(), limits_.depth_max));
  }
  for (const TreeEntry& entry : TRY(tree_.list(folder))) {
    if (is_excluded(entry)) continue;
    const RelativePath path = TRY(folder.join(entry.name));
    if (entry.name == source_ignore) return unserved_source_ignore(path);
    if (entry.kind == EntryKind::folder) {
      const auto file = TRY(find_kustomization_file(tree_, path));
      if (file) {
        std::vector<Draft> drafts = TRY(build_kustomization(path, *file));
        TRY(append(std::move(drafts), into));
      } else {
        TRY(add_plain_folder(path, into, depth + 1));
      }
    } else if (is_yaml(entry.name)) {
      TRY(add_file(path, into));
    }
  }
  return {};
}

Result<void> Builder::refuse_source_ignore_above(RelativePath folder) const {
  while (!folder.is_root()) {
    folder = folder.parent();
    const RelativePath path = TRY(folder.join(source_ignore));
    if (TRY(tree_.kind(path)) != EntryKind::absent) return unserved_source_ignore(path);
  }
  return {};
}

Result<std::string> Builder::read(const RelativePath& path) {
  if (++files_read_ > limits_.files_max) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: a rendering may read at most {} files, counted each time",
                            path.str(), limits_.files_max));
  }
  if (!is_utf8(path.str())) {
    return fail(ErrorKind::invalid, fmt::format("{}: the name of this file is not UTF-8: rename it",
                                                plain_line(path.str())));
  }
  auto text = tree_.read(path, limits_.document.bytes);
  if (!text) return std::unexpected(std::move(text).error());
  return text;
}

Result<void> Builder::append(std::vector<Draft> drafts, Collection& into) const {
  if (drafts.size() > limits_.objects_max - into.drafts.size()) {
    return fail(ErrorKind::invalid,
                fmt::format("a rendering may have at most {} objects", limits_.objects_max));
  }
  for (const Draft& draft : drafts) TRY(into.ids.add(draft.resource));
  std::ranges::move(drafts, std::back_inserter(into.drafts));
  return {};
}

}  // namespace primocane
