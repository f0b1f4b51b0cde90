// SPDX-License-Identifier: Apache-2.0
#include "render/configurations.hpp"

#include "document/yaml_reader.hpp"
#include "render/crds.hpp"
#include "render/field_reader.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// Only the first document of a file counts.
Result<Value> read_one(const FileLoader& loader, const ListedPath& listed,
                       const KustomizationFile& file) {
  auto text = loader.load(listed.text);
  if (!text) {
    return std::unexpected(
        with_context(fmt::format("{}:{}", file.path, listed.line), std::move(text).error()));
  }
  std::vector<Document> documents =
      TRY(read_yaml(*text, loader.shown(listed.text), loader.limits(), GoYaml::v2));
  if (documents.empty()) return Value();
  return std::move(documents.front().value);
}

Result<void> merge(SharedConfig& config, const SharedConfig& more, const KustomizationFile& file) {
  auto merged = merge_configs(config, more);
  if (!merged) return std::unexpected(with_context(file.path, std::move(merged).error()));
  config = std::move(*merged);
  return {};
}

}  // namespace

Result<SharedConfig> with_configurations(SharedConfig config, const SharedConfig& built_in,
                                         const KustomizationFile& file, const FileLoader& loader) {
  const bool adds_nothing = file.configurations.empty() && file.crds.empty();
  if (adds_nothing && (config == nullptr || config == built_in)) return built_in;
  SharedConfig configured;
  for (const ListedPath& listed : file.configurations) {
    const Value document = TRY(read_one(loader, listed, file));
    const FieldReader reader(loader.shown(listed.text), UnknownFields::refused,
                             TextFields::scalars);
    TransformerConfig more = TRY(read_transformer_config(document, reader));
    TRY(merge(configured, std::make_shared<const TransformerConfig>(std::move(more)), file));
  }
  SharedConfig own = built_in;
  if (configured != nullptr) TRY(merge(own, configured, file));
  TRY(merge(config, own, file));
  for (const ListedPath& listed : file.crds) {
    const Value document = TRY(read_one(loader, listed, file));
    const FieldReader reader(loader.shown(listed.text), UnknownFields::ignored);
    TransformerConfig more = TRY(read_crds(document, reader));
    TRY(merge(config, std::make_shared<const TransformerConfig>(std::move(more)), file));
  }
  return config;
}

}  // namespace primocane
