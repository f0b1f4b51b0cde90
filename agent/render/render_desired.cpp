// SPDX-License-Identifier: Apache-2.0
#include "render/render_desired.hpp"

#include "flux/flux_object.hpp"
#include "render/decrypted_objects.hpp"
#include "render/decrypted_sources.hpp"
#include "render/flux_build.hpp"
#include "resource/ignored_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

Result<DesiredObject> make_with_ignored(Resource resource, const KustomizationName& name,
                                        const IgnoreRules& rules) {
  std::vector<JsonPointer> ignored = rules.paths_for(resource.object);
  if (ignored.size() > ignored_fields_max) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: spec.ignore names {} fields of {}; at most {} are possible",
                            to_string(resource.origin), ignored.size(), to_string(resource.id),
                            ignored_fields_max));
  }
  DesiredObject object = TRY(make_desired(std::move(resource), name));
  for (JsonPointer& path : ignored) {
    const bool is_known = std::ranges::find(object.ignored, path) != object.ignored.end();
    if (!is_known) object.ignored.push_back(std::move(path));
  }
  object.hash = hash_of(object);
  return object;
}

Result<RenderedObject> in_role(FluxRole role, Resource resource, const KustomizationName& name,
                               const IgnoreRules& rules) {
  switch (role) {
    case FluxRole::followed:
      return RenderedObject(std::move(resource));
    case FluxRole::not_served:
      return RenderedObject(std::move(resource.id));
    case FluxRole::none:
    case FluxRole::controller:
      return RenderedObject(TRY(make_with_ignored(std::move(resource), name, rules)));
    case FluxRole::home: {
      DesiredObject object = TRY(make_with_ignored(std::move(resource), name, rules));
      object.prune_mark = PruneMark::disabled;
      return RenderedObject(std::move(object));
    }
  }
  return fail(ErrorKind::invalid, "an object of no role");
}

// With what is encrypted decrypted: files before the build, objects after it.
Result<std::vector<Draft>> build_decrypted(const SourceTree& tree, RemoteTrees& remotes,
                                           const RenderRequest& request) {
  const BuildOptions options = options_of(request);
  if (!request.identities) return build_folder(tree, remotes, request.path, options);
  const Identities& identities = *request.identities;
  std::span<const std::string> components;
  if (request.build) components = request.build->components;
  DecryptedSources sources =
      TRY(decrypt_sources(tree, request.path, components, identities, options.limits));
  const bool has_files = !sources.files.empty();
  const DecryptedTree decrypted(tree, std::move(sources.files));
  auto drafts = build_folder(decrypted, remotes, request.path, options);
  if (!drafts || !remotes.is_complete()) return drafts;
  for (Draft& draft : *drafts) {
    // Other generators may read what was decrypted for those of Secrets.
    const bool may_hold_file = has_files && draft.id.kind.kind == "ConfigMap";
    if (sources.has_patches || may_hold_file) draft.confidential.emplace_back();
    TRY(decrypt_draft(draft, identities));
  }
  return drafts;
}

}  // namespace

Result<std::vector<Resource>> as_resources(std::vector<Draft> drafts) {
  std::vector<Resource> resources;
  resources.reserve(drafts.size());
  std::map<ResourceId, Origin> places;
  for (Draft& draft : drafts) {
    Resource resource = TRY(Resource::make(std::move(draft.object), std::move(draft.origin)));
    resource.confidential = std::move(draft.confidential);
    ResourceId id = resource.id;
    id.namespace_name = effective_namespace(draft.id);
    const auto [known, is_new] = places.emplace(std::move(id), resource.origin);
    if (!is_new) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: {} is defined twice, also at {}", to_string(resource.origin),
                              to_string(resource.id), to_string(known->second)));
    }
    resources.push_back(std::move(resource));
  }
  return resources;
}

BuildOptions options_of(const RenderRequest& request) {
  return {.limits = {.document = request.limits, .objects_max = request.objects_max},
          .load_restrictor = request.load_restrictor,
          .reorder = request.build ? Reorder::none : request.reorder,
          .settings = request.build ? &*request.build : nullptr};
}

Result<std::vector<Draft>> build_request(const SourceTree& tree, RemoteTrees& remotes,
                                         const RenderRequest& request) {
  auto drafts = build_decrypted(tree, remotes, request);
  if (!remotes.is_complete()) return fail(ErrorKind::unavailable, "not all that is remote is here");
  if (drafts && request.build) TRY(finish_drafts(*drafts, *request.build, request.limits));
  return drafts;
}

Result<std::uint64_t> render_desired(const SourceTree& tree, RemoteTrees& remotes,
                                     const RenderRequest& request,
                                     const std::function<void(const RenderedObject&)>& take) {
  std::vector<Draft> drafts = TRY(build_request(tree, remotes, request));
  std::vector<Resource> resources = TRY(as_resources(std::move(drafts)));
  IgnoreRules rules;
  if (request.build) rules = TRY(IgnoreRules::read(&request.build->ignore));
  std::uint64_t count = 0;
  for (Resource& resource : resources) {
    const FluxRole role = flux_role_of(resource);
    if (role == FluxRole::controller) continue;
    if (request.encrypted == Encrypted::refused) TRY(refuse_encrypted(resource));
    take(TRY(in_role(role, std::move(resource), request.name, rules)));
    ++count;
  }
  return count;
}

}  // namespace primocane
