// SPDX-License-Identifier: Apache-2.0
#include "render/builtin_generators.hpp"

#include "render/field_reader.hpp"
#include "render/generators.hpp"
#include "render/iam_policy.hpp"
#include "render/plugin_kinds.hpp"

#include <string_view>
#include <utility>

namespace primocane {

namespace {

Result<void> add_generated(const std::vector<GeneratorRule>& rules, std::string_view kind,
                           const KustomizationFile& file, const FileLoader& loader,
                           const std::optional<ResourceOrigin>& origin,
                           std::vector<Generated>& generated) {
  for (const GeneratorRule& rule : rules) {
    Generated one;
    one.drafts.push_back(TRY(generate(rule, loader)));
    if (origin) one.origin = configured_by_field(*origin, file.name(), kind);
    generated.push_back(std::move(one));
  }
  return {};
}

}  // namespace

Result<std::vector<Generated>> own_generated(const KustomizationFile& file,
                                             const FileLoader& loader,
                                             const std::optional<ResourceOrigin>& origin) {
  std::vector<Generated> generated;
  TRY(add_generated(file.config_map_generators, "ConfigMapGenerator", file, loader, origin,
                    generated));
  TRY(add_generated(file.secret_generators, "SecretGenerator", file, loader, origin, generated));
  return generated;
}

Result<Generated> builtin_generated(const Draft& configuration, const FileLoader& loader) {
  TRY(require_builtin(configuration));
  const FieldReader reader(configuration.origin.path, UnknownFields::ignored);
  const std::string_view kind = configuration.id.kind.kind;
  Generated generated;
  generated.origin = configured_by_object(configuration);
  if (kind == "ConfigMapGenerator" || kind == "SecretGenerator") {
    const GeneratorRule rule = TRY(read_generator_object(configuration.object, reader));
    generated.drafts.push_back(TRY(generate(rule, loader)));
  } else if (kind == "IAMPolicyGenerator") {
    generated.drafts.push_back(TRY(generate_iam_policy(configuration.object, reader)));
  } else {
    return invalid_draft(configuration, "kustomize has no generator of this kind");
  }
  return generated;
}

}  // namespace primocane
