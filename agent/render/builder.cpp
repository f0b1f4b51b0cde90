// SPDX-License-Identifier: Apache-2.0
#include "render/builder.hpp"

#include "document/schema_reader.hpp"
#include "render/absorber.hpp"
#include "render/builtin_generators.hpp"
#include "render/configurations.hpp"
#include "render/flux_build.hpp"
#include "render/generators.hpp"
#include "render/object_file.hpp"
#include "render/plain_folder.hpp"
#include "render/remote_base.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace primocane {

namespace {

// An error about something that is listed in a kustomization.
std::unexpected<Error> bad(const ListedPath& listed, const KustomizationFile& file,
                           std::string_view message) {
  return fail(ErrorKind::invalid, at_line(file.path, listed.line) + std::string(message));
}

std::string place_of(const ListedPath& listed, const KustomizationFile& file) {
  return fmt::format("{}:{}", file.path, listed.line);
}

// Where kustomize says that what a kustomization lists is.
ResourceOrigin origin_of(const ResourceOrigin& kustomization, std::string_view listed) {
  const auto remote = parse_remote_base(listed);
  return remote ? append_path(kustomization, *remote) : append_path(kustomization, listed);
}

// `validated-by` is the one label that a validator may set (kusttarget.go, removeValidatedByLabel).
void drop_validated_by(Value& object) {
  Value* const metadata = object.as_object()->find("metadata");
  if (metadata == nullptr || !metadata->is_object()) return;
  Value* const labels = metadata->as_object()->find("labels");
  if (labels == nullptr || !labels->is_object()) return;
  if (labels->as_object()->erase("validated-by") && labels->as_object()->empty()) {
    metadata->as_object()->erase("labels");
  }
}

std::vector<Value> objects_of(const std::vector<Draft>& drafts) {
  std::vector<Value> objects;
  objects.reserve(drafts.size());
  for (const Draft& draft : drafts) objects.push_back(draft.object);
  return objects;
}

}  // namespace

Builder::Builder(const SourceTree& tree, RemoteTrees& remotes, const BuildOptions& options)
    : tree_(tree),
      remotes_(remotes),
      options_(options),
      limits_{.document = options.limits.document, .files_max = options.limits.files_max},
      default_config_(default_transformer_config()) {}

FileLoader Builder::loader_at(const TreeFolder& folder, LoadRestrictor restrictor) {
  return {*folder.tree, folder.path, restrictor, limits_, remotes_};
}

Accumulation Builder::nothing() const {
  return {.drafts = {}, .config = nullptr, .vars = {}, .ids = {}};
}

Result<Built> Builder::build(const RelativePath& folder) {
  if (TRY(tree_.kind(folder)) != EntryKind::folder) {
    return fail(ErrorKind::invalid,
                fmt::format("there is no folder \"{}\" in the repository", folder.str()));
  }
  const TreeFolder here{.tree = &tree_, .path = folder, .remote = {}};
  const auto path = TRY(find_kustomization_file(tree_, folder));
  Target target = TRY(path ? open_root(here, *path) : generate_root(here));
  if (options_.settings != nullptr) {
    TRY(add_settings(target.file, *options_.settings, target.loader));
  }
  if (target.file.build_metadata.is_there) target.origin = ResourceOrigin{};
  Built built{.gathered = nothing(), .root = {}};
  const OpenFolders::Opened opened(open_folders_, here);
  TRY(gather(target, built.gathered));
  built.root = std::move(target.file);
  return built;
}

Result<Builder::Target> Builder::open_root(const TreeFolder& folder, const RelativePath& path) {
  if (options_.settings == nullptr) return open(folder, path, options_.load_restrictor);
  FileLoader loader = loader_at(folder, options_.load_restrictor);
  const std::string text = TRY(loader.read(path));
  KustomizationFile file =
      TRY(read_kustomization_file_as_flux(text, path.str(), options_.limits.document));
  // Else kustomize calls a file empty that lists nothing (kustomize_generator.go).
  if (!file.has_resources) file.build_metadata = {.is_there = true, .origin_annotations = true};
  TRY(open_api_.take(file, loader));
  return Target{.file = std::move(file), .loader = std::move(loader), .origin = {}};
}

Result<Builder::Target> Builder::generate_root(const TreeFolder& folder) {
  KustomizationFile file = TRY(generate_kustomization(tree_, folder.path, options_.limits));
  return Target{
      .file = std::move(file), .loader = loader_at(folder, options_.load_restrictor), .origin = {}};
}

Result<Builder::Target> Builder::open(const TreeFolder& folder, const RelativePath& path,
                                      LoadRestrictor restrictor) {
  if (open_folders_.depth() >= options_.limits.depth_max) {
    return fail(ErrorKind::invalid, fmt::format("{}: more than {} kustomizations within each other",
                                                path.str(), options_.limits.depth_max));
  }
  FileLoader loader = loader_at(folder, restrictor);
  const std::string text = TRY(loader.read(path));
  KustomizationFile file = TRY(read_kustomization_file(text, path.str(), options_.limits.document));
  TRY(open_api_.take(file, loader));
  return Target{.file = std::move(file), .loader = std::move(loader), .origin = {}};
}

// kusttarget.go, accumulateTarget.
Result<void> Builder::gather(const Target& target, Accumulation& into) {
  for (const ListedPath& listed : target.file.resources) TRY(add_listed(listed, target, into));
  into.config =
      TRY(with_configurations(std::move(into.config), default_config_, target.file, target.loader));
  TRY(run_generators(target, into));
  TRY(add_components(target, into));
  TRY(transform(target, into));
  TRY(validate(target, into));
  return into.add_vars(target.file.vars, target.file.path);
}

Result<void> Builder::run_generators(const Target& target, Accumulation& into) {
  const KustomizationFile& file = target.file;
  std::vector<Generated> generated = TRY(own_generated(file, target.loader, target.origin));
  for (const Draft& configuration : TRY(plugin_configurations(target, file.generators))) {
    generated.push_back(TRY(builtin_generated(configuration, target.loader)));
  }
  if (generated.empty()) return {};
  into.ids.reset();
  Absorber absorber(into.drafts);
  for (Generated& from_one : generated) {
    if (from_one.origin) add_origin(from_one.drafts, *from_one.origin);
    for (Draft& draft : from_one.drafts) TRY(absorber.absorb(std::move(draft)));
  }
  if (into.drafts.size() > options_.limits.objects_max) return append({}, into);
  return {};
}

Result<void> Builder::add_components(const Target& target, Accumulation& into) {
  for (const ListedPath& listed : target.file.components) {
    const auto in_file = [&](Error error) {
      return std::unexpected(with_context(place_of(listed, target.file), std::move(error)));
    };
    if (parse_remote_base(listed.text)) {
      auto content = remotes_.find(listed.text, RemoteRole::base);
      if (!content) return in_file(std::move(content).error());
      if (auto* const found = std::get_if<RemoteFolder>(&*content)) {
        TRY(add_component(listed, {.tree = found->tree, .path = found->path, .remote = listed.text},
                          target, into));
      }
      continue;
    }
    auto path = target.loader.path_of(listed.text);
    if (!path) return in_file(std::move(path).error());
    TRY(add_component(listed,
                      {.tree = &target.loader.tree(), .path = std::move(*path), .remote = {}},
                      target, into));
  }
  return {};
}

Result<void> Builder::transform(const Target& target, Accumulation& into) {
  const TransformerSources sources{
      .loader = target.loader, .schema = open_api_.schema(), .origin = target.origin};
  into.ids.reset();
  open_api_.note_scopes(into.drafts);
  const std::vector<Transformer> own = TRY(own_transformers(target.file, into.config, sources));
  std::vector<Transformer> plugins;
  for (const Draft& configuration : TRY(plugin_configurations(target, target.file.transformers))) {
    plugins.push_back(TRY(builtin_transformer(configuration, sources)));
  }
  const KustomizationFile& file = target.file;
  if (!file.patches.empty() || !file.strategic_merge_patches.empty()) open_api_.note_merge();
  TRY(run_transformers(into.drafts, own));
  return run_transformers(into.drafts, plugins);
}

Result<void> Builder::validate(const Target& target, Accumulation& into) {
  const std::optional<ResourceOrigin> nowhere;
  const TransformerSources sources{
      .loader = target.loader, .schema = open_api_.schema(), .origin = nowhere};
  for (const Draft& configuration : TRY(plugin_configurations(target, target.file.validators))) {
    const Transformer validator = TRY(builtin_transformer(configuration, sources));
    const std::vector<Value> before = objects_of(into.drafts);
    into.ids.reset();
    TRY(validator.run(into.drafts));
    std::vector<Value> after = objects_of(into.drafts);
    for (Value& object : after) drop_validated_by(object);
    if (before != after) {
      return invalid_draft(configuration, "a validator must not change the objects");
    }
  }
  return {};
}

Result<std::vector<Draft>> Builder::plugin_configurations(const Target& target,
                                                          const std::vector<ListedPath>& paths) {
  if (paths.empty()) return std::vector<Draft>();
  Accumulation configurations = nothing();
  std::vector<ListedPath> files;
  for (const ListedPath& listed : paths) {
    // As in kustomize: whatever is no text of objects is a path.
    auto drafts = read_objects(listed.text, place_of(listed, target.file), limits_.document);
    if (!drafts) {
      if (listed.text.find('\n') != std::string::npos) return drafts;
      files.push_back(listed);
      continue;
    }
    if (target.origin) {
      const std::string origin = origin_yaml(append_path(*target.origin, target.file.name()));
      for (Draft& draft : *drafts) set_origin_annotation(draft, origin);
    }
    TRY(append(std::move(*drafts), configurations));
  }
  for (const ListedPath& listed : files) TRY(add_listed(listed, target, configurations));
  return std::move(configurations.drafts);
}

Result<void> Builder::add_listed(const ListedPath& listed, const Target& target,
                                 Accumulation& into) {
  if (is_remote_file(listed.text)) return add_remote(listed, target, into);
  const SourceTree& tree = target.loader.tree();
  auto path = target.loader.path_of(listed.text);
  const auto kind = path ? tree.kind(*path) : Result<EntryKind>(EntryKind::absent);
  if (!kind) return bad(listed, target.file, kind.error().message);
  // Only a file of this name is nearer than a remote base.
  if (*kind != EntryKind::file && parse_remote_base(listed.text)) {
    return add_remote(listed, target, into);
  }
  switch (*kind) {
    case EntryKind::file: {
      if (auto allowed = target.loader.check_restriction(*path); !allowed) {
        return bad(listed, target.file, allowed.error().message);
      }
      return add_objects(TRY(target.loader.read(*path)), path->str(), listed, target, into);
    }
    case EntryKind::folder:
      return add_base(listed, {.tree = &tree, .path = std::move(*path), .remote = {}}, target,
                      into);
    case EntryKind::submodule:
      return bad(listed, target.file,
                 fmt::format("\"{}\" is a submodule: submodules are not supported", listed.text));
    case EntryKind::symlink:
    case EntryKind::absent:
      break;
  }
  if (!path) {
    return std::unexpected(with_context(place_of(listed, target.file), std::move(path).error()));
  }
  return bad(listed, target.file, fmt::format("there is no file or folder \"{}\"", path->str()));
}

Result<void> Builder::add_remote(const ListedPath& listed, const Target& target,
                                 Accumulation& into) {
  const RemoteRole role = is_remote_file(listed.text) ? RemoteRole::file_or_base : RemoteRole::base;
  auto content = remotes_.find(listed.text, role);
  if (!content) {
    return std::unexpected(with_context(place_of(listed, target.file), std::move(content).error()));
  }
  if (auto* const file = std::get_if<RemoteText>(&*content)) {
    return add_objects(file->text, shown_remote(listed.text), listed, target, into);
  }
  auto* const folder = std::get_if<RemoteFolder>(&*content);
  if (folder == nullptr) return {};
  return add_base(listed, {.tree = folder->tree, .path = folder->path, .remote = listed.text},
                  target, into);
}

Result<Builder::Target> Builder::open_child(const ListedPath& listed, const TreeFolder& folder,
                                            const Target& parent, KustomizationKind kind) {
  if (TRY(folder.tree->kind(folder.path)) != EntryKind::folder) {
    return bad(listed, parent.file,
               fmt::format("there is no folder \"{}\"{}{}", folder.path.str(),
                           folder.remote.empty() ? "" : " in ", shown_remote(folder.remote)));
  }
  if (const RelativePath* open = open_folders_.led_back_to(folder); open != nullptr) {
    return bad(listed, parent.file,
               fmt::format("cycle: {} leads back to {}: kustomizations may not hold each other",
                           shown(folder.path), shown(*open)));
  }
  const auto path = TRY(find_kustomization_file(*folder.tree, folder.path));
  if (!path) {
    return bad(listed, parent.file, shown(folder.path) + " has no kustomization.yaml");
  }
  // What was fetched may name what is in its own folder only, as in kustomize.
  const bool is_elsewhere = folder.tree != &parent.loader.tree();
  const LoadRestrictor restrictor =
      is_elsewhere ? LoadRestrictor::root_only : parent.loader.restrictor();
  Target child = TRY(open(folder, *path, restrictor));
  if (child.file.kind != kind) {
    return bad(listed, parent.file,
               kind == KustomizationKind::component
                   ? fmt::format("{} is no Component: list it in \"resources\"", path->str())
                   : fmt::format("{} is a Component: list it in \"components\"", path->str()));
  }
  if (parent.origin) child.origin = origin_of(*parent.origin, listed.text);
  return child;
}

Result<void> Builder::add_base(const ListedPath& listed, const TreeFolder& base,
                               const Target& target, Accumulation& into) {
  Accumulation built = TRY(build_base(listed, base, target));
  TRY(append(std::move(built.drafts), into));
  auto merged = merge_configs(into.config, built.config);
  if (!merged) {
    return std::unexpected(with_context(place_of(listed, target.file), std::move(merged).error()));
  }
  into.config = std::move(*merged);
  return into.merge_vars(built.vars, target.file.path);
}

Result<Accumulation> Builder::build_base(const ListedPath& listed, const TreeFolder& base,
                                         const Target& target) {
  const Target child = TRY(open_child(listed, base, target, KustomizationKind::kustomization));
  const OpenFolders::Opened opened(open_folders_, base);
  Accumulation built = nothing();
  auto gathered = gather(child, built);
  if (gathered) return built;
  if (base.remote.empty()) return std::unexpected(std::move(gathered).error());
  // The places in what was fetched are in another repository.
  return std::unexpected(
      with_context(fmt::format("{}: {}", place_of(listed, target.file), shown_remote(base.remote)),
                   std::move(gathered).error()));
}

// A component changes what was gathered before it (kusttarget.go, accumulateDirectory).
Result<void> Builder::add_component(const ListedPath& listed, const TreeFolder& folder,
                                    const Target& target, Accumulation& into) {
  Target child = TRY(open_child(listed, folder, target, KustomizationKind::component));
  const OpenFolders::Opened opened(open_folders_, folder);
  TRY(gather(child, into));
  // kustomize merges the configurations into empty ones, where one rule may stand for another.
  if (into.config != default_config_) into.config = TRY(merge_configs(nullptr, into.config));
  return into.require_unique();
}

Result<void> Builder::add_objects(std::string_view text, const std::string& name,
                                  const ListedPath& listed, const Target& target,
                                  Accumulation& into) {
  std::vector<Draft> drafts = TRY(read_objects(text, name, limits_.document));
  if (target.origin) {
    const std::string origin = origin_yaml(origin_of(*target.origin, listed.text));
    for (Draft& draft : drafts) set_origin_annotation(draft, origin);
  }
  return append(std::move(drafts), into);
}

Result<void> Builder::append(std::vector<Draft> drafts, Accumulation& into) {
  if (into.drafts.size() + drafts.size() > options_.limits.objects_max) {
    return fail(ErrorKind::invalid, fmt::format("a rendering may have at most {} objects",
                                                options_.limits.objects_max));
  }
  for (const Draft& draft : drafts) open_api_.note_object(draft);
  return into.append(std::move(drafts));
}

}  // namespace primocane
