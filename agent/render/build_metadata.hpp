// SPDX-License-Identifier: Apache-2.0
// What `buildMetadata` asks for: annotations that say where an object comes from, and what changed
// it (api/resource/origin.go of kustomize 5.8.1). They are kept in the objects from the start, as
// in kustomize, and taken out at the end where nobody asked for them.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/remote_base.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The generator or transformer that did something. Those of kustomization fields have the
/// apiVersion "builtin" and no name.
struct ConfiguredBy {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string namespace_name;

  bool operator==(const ConfiguredBy&) const = default;
};

/// Where an object or the configuration of a transformer comes from; "" for what does not apply.
struct ResourceOrigin {
  std::string path;  ///< seen from the folder that is built, or from the root of `repo`
  std::string repo;  ///< of a remote base
  std::string ref;   ///< in `repo`
  std::string configured_in;
  ConfiguredBy configured_by;

  bool operator==(const ResourceOrigin&) const = default;
};

/// The place of what a kustomization at `origin` calls `path`: "../base" and "web.yaml" make
/// "../base/web.yaml".
[[nodiscard]] ResourceOrigin append_path(ResourceOrigin origin, std::string_view path);
/// The place of a remote base. That of a repository's root is called "notCloned", as in kustomize.
[[nodiscard]] ResourceOrigin append_path(ResourceOrigin origin, const RemoteBase& remote);

/// What made an object by the field of a kustomization file: `kind` is that of the generator or
/// transformer, `file` the name of the file in the folder at `origin`
/// (api/internal/target/kusttarget_configplugin.go).
[[nodiscard]] ResourceOrigin configured_by_field(const ResourceOrigin& origin,
                                                 std::string_view file, std::string_view kind);
/// The same of an object listed in `generators`, `transformers` or `validators`, whose own origin
/// is `origin` (OriginFromCustomPlugin).
[[nodiscard]] ResourceOrigin configured_by_object(const ResourceOrigin& origin,
                                                  const Draft& object);

/// The same, with the origin that is noted in the object; nothing if none is.
[[nodiscard]] std::optional<ResourceOrigin> configured_by_object(const Draft& object);

/// The YAML text of an origin in an annotation.
[[nodiscard]] std::string origin_yaml(const ResourceOrigin& origin);

/// The text of the annotation that says where `draft` comes from, or "".
[[nodiscard]] std::string origin_annotation(const Draft& draft);
/// Sets that text, whatever is there.
void set_origin_annotation(Draft& draft, std::string text);

/// Sets the origin of all drafts that have none (AddOriginAnnotation).
void add_origin(std::vector<Draft>& drafts, const ResourceOrigin& origin);
/// Adds a transformation to all drafts. Those without origin are taken for made by it, and get it
/// as their origin (AddTransformerAnnotation). `invalid` if the transformations that a draft has
/// already are not a list in kustomize's way of writing it.
[[nodiscard]] Result<void> add_transformation(std::vector<Draft>& drafts,
                                              const ResourceOrigin& transformer);

void remove_origins(std::vector<Draft>& drafts);
void remove_transformations(std::vector<Draft>& drafts);

}  // namespace primocane
