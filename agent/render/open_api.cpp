// SPDX-License-Identifier: Apache-2.0
#include "render/open_api.hpp"

#include "document/yaml_reader.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

Result<void> OpenApi::take(const KustomizationFile& file, const FileLoader& loader) {
  if (!file.openapi) return {};
  const OpenApiField& field = *file.openapi;
  const auto in_file = [&](Error error) {
    return std::unexpected(
        with_context(fmt::format("{}:{}: openapi", file.path, field.line), std::move(error)));
  };
  std::optional<std::string> text;
  if (!field.path.empty()) {
    auto loaded = loader.load(field.path);
    if (!loaded) return in_file(std::move(loaded).error());
    text = std::move(*loaded);
  }
  if (is_settled_ || (!text && field.version.empty())) return {};
  if (text && !field.version.empty()) {
    return in_file({ErrorKind::invalid, "has either a path or a version, not both"});
  }
  is_settled_ = true;
  if (!text) {
    if (field.version == built_in_openapi_version) return {};
    return in_file(
        {ErrorKind::invalid, fmt::format("the only version that is built in is {}, not \"{}\"",
                                         built_in_openapi_version, field.version)});
  }
  std::vector<Document> documents =
      TRY(read_yaml(*text, loader.shown(field.path), loader.limits(), GoYaml::v2));
  if (documents.empty()) return in_file({ErrorKind::invalid, "the file is empty"});
  BuiltInTypes built_in = BuiltInTypes::left_out;
  if (has_built_in_) built_in = has_merged_ ? BuiltInTypes::last : BuiltInTypes::first;
  schema_ = TRY(
      PatchSchema::read(std::move(documents.front().value), loader.shown(field.path), built_in));
  return {};
}

void OpenApi::note_object(const Draft& draft) {
  const VersionedKind& kind = draft.id.kind;
  const auto scope = is_cluster_scoped_kind(kind.group, kind.version, kind.kind);
  if (!scope.has_value()) has_built_in_ = true;
}

void OpenApi::note_scopes(std::vector<Draft>& drafts) const {
  if (!schema_.has_document()) return;
  for (Draft& draft : drafts) {
    const VersionedKind& kind = draft.id.kind;
    draft.has_no_namespace =
        schema_.is_cluster_scoped(kind.group, kind.version, kind.kind).value_or(false);
  }
}

}  // namespace primocane
