// SPDX-License-Identifier: Apache-2.0
#include "render/builder.hpp"

#include "document/schema_reader.hpp"
#include "render/default_field_specs.hpp"
#include "render/excluded_files.hpp"
#include "render/labels_and_annotations.hpp"
#include "render/name_affixes.hpp"
#include "render/namespace_transformer.hpp"
#include "render/object_file.hpp"
#include "render/path_within.hpp"
#include "render/remote_base.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace primocane {

namespace {

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// Flux leaves out of a walk what these files say. To walk over what was meant to be left out would
// be worse than to stop.
constexpr std::string_view source_ignore = ".sourceignore";

std::unexpected<Error> unserved_source_ignore(const RelativePath& path) {
  return fail(ErrorKind::invalid,
              fmt::format("{}: {} is not supported: list what to build in a kustomization.yaml",
                          path.str(), source_ignore));
}

// Where the labels of a rule go (kusttarget_configplugin.go, LabelTransformer).
Result<std::vector<FieldSpec>> label_fields(const LabelRule& rule,
                                            const TransformerConfig& config) {
  std::vector<FieldSpec> fields = TRY(merge_specs(rule.fields, config.labels));
  if (rule.include_selectors) return merge_specs(std::move(fields), config.common_labels);
  if (rule.include_templates) {
    fields = TRY(merge_specs(std::move(fields), config.template_labels));
  }
  return merge_specs(std::move(fields), metadata_label_specs());
}

std::string shown(const RelativePath& folder) {
  return folder.is_root() ? "the root of the repository" : fmt::format("folder {}", folder.str());
}

}  // namespace

Builder::Builder(const SourceTree& tree, RemoteTrees& remotes, const BuildOptions& options,
                 std::vector<std::string> open_remotes)
    : tree_(tree),
      remotes_(remotes),
      options_(options),
      open_remotes_(std::move(open_remotes)),
      files_{.read = 0, .max = options.limits.files_max},
      default_config_(default_transformer_config()) {}

FileLoader Builder::loader_at(const RelativePath& folder) {
  return {tree_, folder, options_.load_restrictor, options_.limits.document, files_};
}

Result<Accumulation> Builder::build(const RelativePath& folder) {
  if (TRY(tree_.kind(folder)) != EntryKind::folder) {
    return fail(ErrorKind::invalid,
                fmt::format("there is no folder \"{}\" in the repository", folder.str()));
  }
  if (const auto file = TRY(find_kustomization_file(tree_, folder))) {
    return build_kustomization(folder, *file);
  }
  TRY(refuse_source_ignore_above(folder));
  Accumulation accumulation{.drafts = {}, .config = default_config_, .ids = {}};
  TRY(add_plain_folder(folder, accumulation, 0));
  return accumulation;
}

Result<Accumulation> Builder::build_kustomization(const RelativePath& folder,
                                                  const RelativePath& path) {
  if (open_folders_.size() >= options_.limits.depth_max) {
    return fail(ErrorKind::invalid, fmt::format("{}: more than {} kustomizations within each other",
                                                path.str(), options_.limits.depth_max));
  }
  const FileLoader loader = loader_at(folder);
  const std::string text = TRY(loader.read(path));
  const KustomizationFile file =
      TRY(read_kustomization_file(text, path.str(), options_.limits.document));
  open_folders_.push_back(folder);
  Accumulation accumulation{.drafts = {}, .config = default_config_, .ids = {}};
  for (const ListedPath& listed : file.resources) {
    TRY(add_listed(listed, file, loader, accumulation));
  }
  open_folders_.pop_back();
  TRY(transform(accumulation, file));
  return accumulation;
}

// In kustomize's order (api/internal/target/kusttarget_configplugin.go).
Result<void> Builder::transform(Accumulation& accumulation, const KustomizationFile& file) const {
  std::vector<Draft>& drafts = accumulation.drafts;
  const TransformerConfig& config = *accumulation.config;
  accumulation.ids.reset();
  const auto in_file = [&](Result<void> done) {
    if (!done) done = std::unexpected(with_context(file.path, std::move(done).error()));
    return done;
  };
  TRY(in_file(set_namespace(drafts, {.name = file.namespace_name, .fields = config.namespaces})));
  if (!file.name_prefix.empty()) {
    TRY(add_name_prefix(drafts, file.name_prefix, config.name_prefix));
  }
  if (!file.name_suffix.empty()) {
    TRY(add_name_suffix(drafts, file.name_suffix, config.name_suffix));
  }
  for (const LabelRule& rule : file.labels) {
    const std::vector<FieldSpec> fields = TRY(label_fields(rule, config));
    TRY(in_file(set_pairs(drafts, rule.pairs, fields)));
  }
  return set_pairs(drafts, file.common_annotations, config.common_annotations);
}

Result<void> Builder::add_listed(const ListedPath& listed, const KustomizationFile& file,
                                 const FileLoader& loader, Accumulation& into) {
  const auto bad = [&](std::string_view message) {
    return fail(ErrorKind::invalid, at_line(file.path, listed.line) + std::string(message));
  };
  if (is_remote_file(listed.text)) {
    return add_remote(listed, file, RemoteRole::file_or_base, into);
  }
  const auto path = loader.root().join(listed.text);
  const auto kind = path ? tree_.kind(*path) : Result<EntryKind>(EntryKind::absent);
  if (!kind) return bad(kind.error().message);
  // Only a file of this name is nearer than a remote base.
  if (*kind != EntryKind::file && parse_remote_base(listed.text)) {
    return add_remote(listed, file, RemoteRole::base, into);
  }
  switch (*kind) {
    case EntryKind::file:
      return add_file(*path, loader, into);
    case EntryKind::folder:
      return add_base(listed, file, *path, into);
    case EntryKind::submodule:
      return bad(fmt::format("\"{}\" is a submodule: submodules are not supported", listed.text));
    case EntryKind::symlink:
    case EntryKind::absent:
      break;
  }
  if (!path) return bad(path.error().message);
  return bad(fmt::format("there is no file or folder \"{}\"", path->str()));
}

// Whether one of those that lead here is named the same, or as something in it (kustomize
// api/internal/loader/fileloader.go, errIfRepoCycle).
bool Builder::leads_back(std::string_view text) const {
  return std::ranges::any_of(open_remotes_,
                             [&](const std::string& open) { return open.starts_with(text); });
}

Result<void> Builder::add_remote(const ListedPath& listed, const KustomizationFile& file,
                                 RemoteRole role, Accumulation& into) {
  const auto in_file = [&](Error error) {
    error.message = at_line(file.path, listed.line) + error.message;
    return std::unexpected(std::move(error));
  };
  Result<RemoteContent> found = remotes_.find(listed.text, role);
  if (!found) return in_file(std::move(found).error());
  if (const auto* content = std::get_if<RemoteText>(&*found)) {
    return append(TRY(read_objects(content->text, listed.text, options_.limits.document)), into);
  }
  const auto* folder = std::get_if<RemoteFolder>(&*found);
  if (folder == nullptr) return {};
  if (leads_back(listed.text) || open_remotes_.size() >= options_.limits.depth_max) {
    return in_file({ErrorKind::invalid, fmt::format("\"{}\" leads back to a remote base that is "
                                                    "being built",
                                                    listed.text)});
  }
  std::vector<std::string> open_remotes = open_remotes_;
  open_remotes.push_back(listed.text);
  Builder builder(*folder->tree, remotes_, options_, std::move(open_remotes));
  Result<Accumulation> built = builder.build_base(folder->path);
  if (!built) return in_file(with_context(listed.text, std::move(built).error()));
  return append(std::move(built->drafts), into);
}

Result<Accumulation> Builder::build_base(const RelativePath& base) {
  const auto found = TRY(find_kustomization_file(tree_, base));
  if (found) return build_kustomization(base, *found);
  return fail(ErrorKind::invalid, fmt::format("{} has no kustomization.yaml", shown(base)));
}

Result<void> Builder::add_base(const ListedPath& listed, const KustomizationFile& file,
                               const RelativePath& base, Accumulation& into) {
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
  Accumulation built = TRY(build_kustomization(base, *found));
  return append(std::move(built.drafts), into);
}

Result<void> Builder::add_file(const RelativePath& path, const FileLoader& loader,
                               Accumulation& into) {
  const std::string text = TRY(loader.read(path));
  return append(TRY(read_objects(text, path.str(), options_.limits.document)), into);
}

// fluxcd/pkg kustomize, scanManifests.
Result<void> Builder::add_plain_folder(const RelativePath& folder, Accumulation& into,
                                       std::uint32_t depth) {
  if (depth > options_.limits.depth_max) {
    return fail(ErrorKind::invalid, fmt::format("{}: more than {} folders within each other",
                                                folder.str(), options_.limits.depth_max));
  }
  for (const TreeEntry& entry : TRY(tree_.list(folder))) {
    if (is_excluded(entry)) continue;
    const RelativePath path = TRY(folder.join(entry.name));
    if (entry.name == source_ignore) return unserved_source_ignore(path);
    if (entry.kind == EntryKind::folder) {
      const auto file = TRY(find_kustomization_file(tree_, path));
      if (file) {
        Accumulation built = TRY(build_kustomization(path, *file));
        TRY(append(std::move(built.drafts), into));
      } else {
        TRY(add_plain_folder(path, into, depth + 1));
      }
    } else if (is_yaml(entry.name)) {
      TRY(add_file(path, loader_at(folder), into));
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

Result<void> Builder::append(std::vector<Draft> drafts, Accumulation& into) const {
  if (drafts.size() > options_.limits.objects_max - into.drafts.size()) {
    return fail(ErrorKind::invalid, fmt::format("a rendering may have at most {} objects",
                                                options_.limits.objects_max));
  }
  return into.append(std::move(drafts));
}

}  // namespace primocane
