// SPDX-License-Identifier: Apache-2.0
#include "reconcile/graph.hpp"

#include "base/letter_case.hpp"
#include "source/git_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view kustomization_group = "kustomize.toolkit.fluxcd.io";

// An object of a namespaced kind lies in "default" if it does not say where.
Resource placed(Resource object) {
  if (object.id.namespace_name.empty()) object.id.namespace_name = "default";
  return object;
}

// Host and path of a repository, whatever way leads there.
std::string place_of(std::string_view text) {
  const Result<GitUrl> url = GitUrl::parse(text);
  if (!url) return {};
  std::string_view path = url->path();
  while (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  return fmt::format("{}/{}", in_lower_case(url->host()), path);
}

KustomizationName name_of(const ResourceId& id) { return {id.namespace_name, id.name}; }

RenderedSet nothing_desired(const KustomizationName& name) {
  RenderedSet nothing;
  Result<DesiredSet> none = DesiredSet::make(name, {});
  if (none) nothing.desired = std::move(*none);
  nothing.is_recalled = true;  // it may have run as another one
  return nothing;
}

class Growth {
 public:
  Growth(KustomizationStates& states, const KustomizationName& root,
         const ConfiguredRepository& configured)
      : states_(states), root_(root), configured_(configured) {}

  GraphContent run() {
    visit(root_, 0);
    std::erase_if(states_, [this](const auto& entry) { return !found_.contains(entry.first); });
    return std::move(content_);
  }

 private:
  void visit(const KustomizationName& name, std::size_t depth) {
    found_.insert(name);
    const KustomizationState& state = states_[name];
    if (!state.rendered || state.rendered->is_ahead) return;
    content_.not_served.insert(content_.not_served.end(), state.rendered->not_served.begin(),
                               state.rendered->not_served.end());
    for (const Resource& object : state.rendered->contained) {
      if (!is_kustomization(object.id)) take_object(placed(object), name);
    }
    std::vector<KustomizationName> children;
    for (const Resource& object : state.rendered->contained) {
      if (!is_kustomization(object.id)) continue;
      std::optional<KustomizationName> child = take_kustomization(placed(object), name, depth);
      if (child) children.push_back(std::move(*child));
    }
    for (const KustomizationName& child : children) visit(child, depth + 1);
  }

  std::optional<KustomizationName> take_kustomization(const Resource& object,
                                                      const KustomizationName& container,
                                                      std::size_t depth) {
    KustomizationName name = name_of(object.id);
    Result<KustomizationSpec> spec = KustomizationSpec::read(object);
    const bool is_own = name == root_ || (container == root_ && spec && is_of_root(*spec));
    if (is_own) return std::nullopt;
    if (found_.contains(name)) {
      refuse_twin(object, name, container);
      return std::nullopt;
    }
    if (depth + 1 > containment_depth_max || found_.size() >= kustomizations_max) {
      content_.is_cut = true;
      content_.faults.push_back(
          {to_string(object.id),
           {ErrorKind::invalid,
            fmt::format("{}: there are too many Kustomizations ({} at most, {} deep)",
                        to_string(object.origin), kustomizations_max, containment_depth_max)}});
      return std::nullopt;
    }
    found_.insert(name);
    KustomizationState& state = states_[name];
    state.container = container;
    state.fault.reset();
    if (spec) {
      state.spec = std::move(*spec);
    } else {
      state.fault = std::move(spec).error();
      state.spec.name = name;
      state.spec.origin = object.origin;
      // What never comes here is nothing that others wait for.
      if (is_for_others(object) && !state.rendered) state.rendered = nothing_desired(name);
    }
    return name;
  }

  bool is_of_root(const KustomizationSpec& spec) const {
    const auto root = states_.find(root_);
    return is_configured(spec.source, content_.objects, configured_) &&
           spec.path == root->second.spec.path;
  }

  void refuse_twin(const Resource& object, const KustomizationName& name,
                   const KustomizationName& container) {
    const KustomizationState& first = states_.at(name);
    const std::string other = first.container ? to_string(*first.container) : "the configuration";
    content_.faults.push_back(
        {to_string(object.id),
         {ErrorKind::invalid,
          fmt::format("{}: is in {} and in {} ({}), which counts: keep one of them",
                      to_string(object.origin), to_string(container), other,
                      to_string(first.spec.origin))}});
  }

  void take_object(Resource object, const KustomizationName& container) {
    const ResourceId id = object.id;
    const auto [twin, is_new] = content_.objects.try_emplace(id, object);
    if (is_new) {
      content_.containers.emplace(id, container);
      return;
    }
    content_.faults.push_back(
        {to_string(id),
         {ErrorKind::invalid,
          fmt::format("{}: is in {} and in {} ({}), which counts: keep one of them",
                      to_string(object.origin), to_string(container),
                      to_string(content_.containers.at(id)), to_string(twin->second.origin))}});
  }

  KustomizationStates& states_;
  const KustomizationName& root_;
  const ConfiguredRepository& configured_;
  std::set<KustomizationName> found_;
  GraphContent content_;
};

// Depth-first, remembering the way.
class CycleSearch {
 public:
  explicit CycleSearch(const KustomizationStates& states) : states_(states) {}

  std::map<KustomizationName, std::string> run() {
    for (const auto& [name, state] : states_) visit(name);
    return std::move(cycles_);
  }

 private:
  void visit(const KustomizationName& name) {
    const auto on_way = std::ranges::find(way_, name);
    if (on_way != way_.end()) {
      std::string text;
      for (auto step = on_way; step != way_.end(); ++step) text += to_string(*step) + " → ";
      text += to_string(name);
      for (auto step = on_way; step != way_.end(); ++step) cycles_.emplace(*step, text);
      return;
    }
    const auto state = states_.find(name);
    if (state == states_.end() || !done_.insert(name).second) return;
    way_.push_back(name);
    for (const Dependency& dependency : state->second.spec.depends_on) visit(dependency.name);
    way_.pop_back();
  }

  const KustomizationStates& states_;
  std::vector<KustomizationName> way_;
  std::set<KustomizationName> done_;
  std::map<KustomizationName, std::string> cycles_;
};

}  // namespace

bool is_kustomization(const ResourceId& id) {
  return id.group == kustomization_group && id.kind == "Kustomization";
}

std::set<KustomizationName> names_contained_in(const RenderedSet& rendered) {
  std::set<KustomizationName> names;
  for (const Resource& object : rendered.contained) {
    if (is_kustomization(object.id)) names.insert(name_of(placed(object).id));
  }
  return names;
}

std::optional<Fingerprint> fingerprint_of_contained(const RenderedSet& rendered) {
  const std::set<KustomizationName> names = names_contained_in(rendered);
  if (names.empty()) return std::nullopt;
  std::string text;
  for (const KustomizationName& name : names) text += to_string(name) + '\n';
  return fingerprint(text);
}

ResourceId source_id(const SourceReference& reference) {
  return {"source.toolkit.fluxcd.io", reference.kind, reference.namespace_name, reference.name};
}

bool says_configured(const Value& repository, const ConfiguredRepository& configured) {
  const std::string place = place_of(repository.text_at("spec", "url"));
  const Value* ref = repository.find("spec", "ref");
  const bool has_other_ref = ref != nullptr && ref->is_object() &&
                             ref->as_object()->size() > (ref->find("branch") ? 1 : 0);
  const std::string_view branch = repository.text_at("spec", "ref", "branch");
  return !place.empty() && place == place_of(configured.url) && !has_other_ref &&
         (branch.empty() ? "master" : branch) == configured.branch;
}

bool is_configured(const SourceReference& reference, const std::map<ResourceId, Resource>& objects,
                   const ConfiguredRepository& configured) {
  if (reference.kind != "GitRepository") return false;
  if (reference.namespace_name == "flux-system" && reference.name == "flux-system") return true;
  const auto declared = objects.find(source_id(reference));
  if (declared == objects.end()) return false;
  return says_configured(declared->second.object, configured);
}

GraphContent grow(KustomizationStates& states, const KustomizationName& root,
                  const ConfiguredRepository& configured) {
  return Growth(states, root, configured).run();
}

Result<std::optional<KustomizationSpec>> own_kustomization(const KustomizationState& root,
                                                           const ConfiguredRepository& configured) {
  if (!root.rendered) return std::nullopt;
  std::map<ResourceId, Resource> objects;
  for (const Resource& object : root.rendered->contained) objects.emplace(object.id, object);
  for (const auto& [id, object] : objects) {
    if (!is_kustomization(id)) continue;
    const Resource own = placed(object);
    const KustomizationPlace place = KustomizationPlace::of(own);
    if (place.path != root.spec.path || !is_configured(place.source, objects, configured)) continue;
    return KustomizationSpec::read(own);
  }
  return std::nullopt;
}

std::map<KustomizationName, std::string> dependency_cycles(const KustomizationStates& states) {
  return CycleSearch(states).run();
}

}  // namespace primocane
