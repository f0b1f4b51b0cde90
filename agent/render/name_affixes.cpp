// SPDX-License-Identifier: Apache-2.0
#include "render/name_affixes.hpp"

#include <utility>

namespace primocane {

namespace {

// By the kind it was written with, as kustomize looks at the original identity.
bool keeps_name(const Draft& draft) {
  const ResourceId id = original_id(draft);
  return id.kind == "CustomResourceDefinition" || id.kind == "Namespace" ||
         (id.kind == "APIService" && id.group == "apiregistration.k8s.io");
}

void rename(Draft& draft, std::string name) {
  store_previous_id(draft);
  Resource& resource = draft.resource;
  resource.object.as_object()->find("metadata")->as_object()->set("name", name);
  resource.id.name = std::move(name);
}

}  // namespace

void add_name_prefix(std::vector<Draft>& drafts, const std::string& prefix) {
  if (prefix.empty()) return;
  for (Draft& draft : drafts) {
    if (keeps_name(draft)) continue;
    draft.prefixes.push_back(prefix);
    rename(draft, prefix + draft.resource.id.name);
  }
}

void add_name_suffix(std::vector<Draft>& drafts, const std::string& suffix) {
  if (suffix.empty()) return;
  for (Draft& draft : drafts) {
    if (keeps_name(draft)) continue;
    draft.suffixes.push_back(suffix);
    rename(draft, draft.resource.id.name + suffix);
  }
}

}  // namespace primocane
