// SPDX-License-Identifier: Apache-2.0
#include "render/decrypted_sources.hpp"

#include "base/wipe.hpp"
#include "document/yaml_reader.hpp"
#include "render/decrypted_objects.hpp"
#include "render/kustomization_file.hpp"
#include "render/plain_folder.hpp"
#include "render/remote_base.hpp"
#include "secrets/sops_file.hpp"
#include "secrets/sops_format.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

namespace primocane {

namespace {

// One walk over the kustomizations of a tree.
class SourceDecryption {
 public:
  SourceDecryption(const SourceTree& tree, const Identities& identities, const RenderLimits& limits)
      : tree_(tree), identities_(identities), limits_(limits) {}

  Result<void> visit_root(const RelativePath& folder, std::span<const std::string> components) {
    for (const std::string& component : components) TRY(visit_listed(folder, component, 0));
    const auto path = find_kustomization_file(tree_, folder);
    if (!path || *path) return visit_folder(folder, 0);
    // As Flux does where there is none.
    const auto generated = generate_kustomization(tree_, folder, limits_);
    return generated ? visit_file(folder, *generated, 0) : Result<void>();
  }

  DecryptedSources take_sources() { return std::move(sources_); }

 private:
  Result<void> visit_folder(const RelativePath& folder, std::size_t depth) {
    if (depth > limits_.depth_max || !folders_.insert(folder).second) return {};
    const std::optional<KustomizationFile> file = read_kustomization(folder);
    return file ? visit_file(folder, *file, depth) : Result<void>();
  }

  Result<void> visit_file(const RelativePath& folder, const KustomizationFile& file,
                          std::size_t depth) {
    for (const GeneratorRule& rule : file.secret_generators) TRY(visit_generator(folder, rule));
    for (const PatchRule& rule : file.patches) {
      if (rule.path.empty() || is_remote_file(rule.path)) continue;
      const std::size_t before = sources_.files.size();
      TRY(decrypt(folder, rule.path, sops_format_of(rule.path)));
      if (sources_.files.size() > before) sources_.has_patches = true;
    }
    for (const ListedPath& listed : file.resources) TRY(visit_listed(folder, listed.text, depth));
    for (const ListedPath& listed : file.components) {
      TRY(visit_listed(folder, listed.text, depth));
    }
    return {};
  }

  // Nothing where there is none that can be read: the build says why.
  std::optional<KustomizationFile> read_kustomization(const RelativePath& folder) const {
    const auto path = find_kustomization_file(tree_, folder);
    if (!path || !*path) return std::nullopt;
    const Result<std::string> text = tree_.read(**path, limits_.document.bytes);
    if (!text) return std::nullopt;
    auto file = read_kustomization_file_as_flux(*text, (*path)->str(), limits_.document);
    if (!file) return std::nullopt;
    return *std::move(file);
  }

  Result<void> visit_generator(const RelativePath& folder, const GeneratorRule& rule) {
    for (const std::string& text : rule.sources.files) {
      const auto source = read_file_source(text);
      if (!source) continue;
      TRY(decrypt(folder, source->path, sops_format_of(source->key)));
    }
    for (const std::string& text : rule.sources.envs) {
      const SopsFormat format = sops_format_of(text);
      TRY(decrypt(folder, text, format == SopsFormat::binary ? SopsFormat::dotenv : format));
    }
    return {};
  }

  Result<void> visit_listed(const RelativePath& folder, const std::string& text,
                            std::size_t depth) {
    const Result<RelativePath> path = folder.join(text);
    if (!path) return {};
    const Result<EntryKind> kind = tree_.kind(*path);
    if (!kind) return {};
    if (*kind == EntryKind::folder) return visit_folder(*path, depth + 1);
    return *kind == EntryKind::file ? check(*path) : Result<void>();
  }

  // The first one to name a file tells its format.
  Result<void> decrypt(const RelativePath& folder, const std::string& text, SopsFormat format) {
    const Result<RelativePath> path = folder.join(text);
    if (!path || !visited_.insert(*path).second) return {};
    const Result<std::string> content = tree_.read(*path, limits_.document.bytes);
    if (!content || !has_sops_mark(format, *content)) return {};
    Result<std::string> plain =
        decrypt_file(*content, {.from = format, .to = format}, identities_, path->str());
    if (!plain) return fail(ErrorKind::invalid, std::move(plain).error().message);
    sources_.files.emplace(*path, *std::move(plain));
    return {};
  }

  // The MACs of a file of objects.
  Result<void> check(const RelativePath& path) {
    const SopsFormat format = sops_format_of(path.name());
    if (format != SopsFormat::yaml && format != SopsFormat::json) return {};
    if (!checked_.insert(path).second) return {};
    const Result<std::string> content = tree_.read(path, limits_.document.bytes);
    if (!content || !has_sops_mark(format, *content)) return {};
    auto read = read_yaml(*content, path.str(), limits_.document);
    if (!read) return {};
    std::vector<Value> documents;
    for (Document& document : *read) {
      if (!stays_encrypted(document.value)) documents.push_back(std::move(document.value));
    }
    const auto checked = check_macs(std::move(documents), identities_, path.str());
    if (!checked) return fail(ErrorKind::invalid, checked.error().message);
    return {};
  }

  const SourceTree& tree_;
  const Identities& identities_;
  const RenderLimits& limits_;
  std::set<RelativePath> folders_;
  std::set<RelativePath> visited_;
  std::set<RelativePath> checked_;
  DecryptedSources sources_;
};

}  // namespace

DecryptedTree::DecryptedTree(const SourceTree& tree, Files files)
    : tree_(tree), files_(std::move(files)) {}

DecryptedTree::~DecryptedTree() {
  for (auto& [path, content] : files_) wipe(content);
}

Result<EntryKind> DecryptedTree::kind(const RelativePath& path) const { return tree_.kind(path); }

Result<std::vector<TreeEntry>> DecryptedTree::list(const RelativePath& path) const {
  return tree_.list(path);
}

Result<std::string> DecryptedTree::read(const RelativePath& path, ByteCount limit) const {
  const auto file = files_.find(path);
  return file == files_.end() ? tree_.read(path, limit) : Result<std::string>(file->second);
}

Result<DecryptedSources> decrypt_sources(const SourceTree& tree, const RelativePath& folder,
                                         std::span<const std::string> components,
                                         const Identities& identities, const RenderLimits& limits) {
  SourceDecryption decryption(tree, identities, limits);
  TRY(decryption.visit_root(folder, components));
  return decryption.take_sources();
}

}  // namespace primocane
