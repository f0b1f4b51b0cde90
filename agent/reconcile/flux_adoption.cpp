// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_adoption.hpp"

#include "flux/flux_object.hpp"
#include "flux/git_repository_spec.hpp"
#include "flux/helm_release_spec.hpp"
#include "flux/helm_repository_spec.hpp"
#include "flux/kustomization_spec.hpp"
#include "flux/oci_repository_spec.hpp"
#include "resource/live_object.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

ResourceId kustomization_id(std::string_view namespace_name, std::string_view name) {
  return {"kustomize.toolkit.fluxcd.io", "Kustomization", std::string(namespace_name),
          std::string(name)};
}

std::string shown_folder(const RelativePath& path) { return path.is_root() ? "." : path.str(); }

template <typename Spec>
std::optional<Error> fault_of(const Resource& object) {
  const Result<Spec> spec = Spec::read(object);
  return spec ? std::nullopt : std::optional(spec.error());
}

// Why `object` can't be followed, if so.
std::optional<Error> refusal_of(const Resource& object) {
  const std::string& kind = object.id.kind;
  if (kind == "Kustomization") return fault_of<KustomizationSpec>(object);
  if (kind == "HelmRelease") return fault_of<HelmReleaseSpec>(object);
  if (kind == "GitRepository") return fault_of<GitRepositorySpec>(object);
  if (kind == "OCIRepository") return fault_of<OciRepositorySpec>(object);
  if (kind == "HelmRepository") return fault_of<HelmRepositorySpec>(object);
  return std::nullopt;
}

// Without where it was written, which is the cluster.
std::string message_of(const Error& error, const Origin& origin) {
  const std::string prefix = to_string(origin) + ": ";
  const std::string_view message = error.message;
  return std::string(message.starts_with(prefix) ? message.substr(prefix.size()) : message);
}

// The Kustomization that has applied `object`, by its labels; with an empty name for none.
ResourceId applied_by(const Value& object) {
  return kustomization_id(object.text_at("metadata", "labels", flux_namespace_label),
                          object.text_at("metadata", "labels", flux_name_label));
}

bool is_suspended(const Value& object) {
  const Value* flag = object.find("spec", "suspend");
  return flag != nullptr && flag->as_bool() != nullptr && *flag->as_bool();
}

class AdoptionPlanner {
 public:
  AdoptionPlanner(const FluxSurvey& survey, const ConfiguredFolder& folder)
      : survey_(survey), folder_(folder) {}

  MovePlan run() && {
    if (!survey_.is_installed) {
      hinder(
          "there is no Flux in this cluster: the server knows no kind Kustomization of "
          "kustomize.toolkit.fluxcd.io; start the agent instead of adopting");
      return std::move(plan_);
    }
    const Resource* root = find_root();
    if (root == nullptr) return std::move(plan_);
    follow(root->id);
    check_objects();
    check_programs();
    add_suspensions();
    add_stops();
    for (const ResourceId& id : from_git_) add_objects_of(id);
    return std::move(plan_);
  }

 private:
  void hinder(std::string text) { plan_.obstacles.push_back(std::move(text)); }
  void note(std::string text) { plan_.notes.push_back(std::move(text)); }
  void move(MoveAction action, const ResourceId& id, std::string of = {}) {
    plan_.moves.push_back({.action = action, .id = id, .of = std::move(of)});
  }

  const Resource* find_root() {
    const auto own = survey_.objects.find(kustomization_id("flux-system", "flux-system"));
    if (own != survey_.objects.end()) return is_same_folder(own->second) ? &own->second : nullptr;
    for (const auto& [id, object] : survey_.objects) {
      if (!is_kustomization(id)) continue;
      const Result<KustomizationSpec> spec = KustomizationSpec::read(object);
      const bool is_root = spec && spec->path == folder_.path &&
                           is_configured(spec->source, survey_.objects, folder_.repository);
      if (is_root) return &object;
    }
    hinder(fmt::format(
        "no Kustomization of the cluster follows {} of branch {} of {}: write into the "
        "configuration what Flux follows (kubectl get kustomizations,gitrepositories -A)",
        shown_folder(folder_.path), folder_.repository.branch, folder_.repository.url));
    return nullptr;
  }

  // Says what differs, if so.
  bool is_same_folder(const Resource& root) {
    const Result<KustomizationSpec> spec = KustomizationSpec::read(root);
    if (!spec) {
      hinder(message_of(spec.error(), root.origin));
      return false;
    }
    const auto source = survey_.objects.find(source_id(spec->source));
    if (source == survey_.objects.end()) {
      hinder(fmt::format("{}: its source {} is not in the cluster", to_string(root.id),
                         to_string(spec->source)));
      return false;
    }
    const Value& repository = source->second.object;
    const bool is_same_source =
        spec->source.kind == "GitRepository" && says_configured(repository, folder_.repository);
    if (!is_same_source) {
      const std::string_view branch = repository.text_at("spec", "ref", "branch");
      hinder(fmt::format(
          "{} follows branch {} of {}, but the configuration says branch {} of {}: "
          "set git.url and git.branch to what Flux follows",
          to_string(root.id), branch.empty() ? "master" : branch, repository.text_at("spec", "url"),
          folder_.repository.branch, folder_.repository.url));
    }
    if (spec->path != folder_.path) {
      hinder(
          fmt::format("{} follows the folder {}, but the configuration says {}: set git.path to "
                      "what Flux follows",
                      to_string(root.id), shown_folder(spec->path), shown_folder(folder_.path)));
    }
    return is_same_source && spec->path == folder_.path;
  }

  // Those that Git holds, each behind the one that contains it.
  void follow(const ResourceId& root) {
    from_git_.push_back(root);
    for (std::size_t at = 0; at < from_git_.size(); ++at) {
      for (const auto& [id, object] : survey_.objects) {
        const bool is_new = is_kustomization(id) && applied_by(object.object) == from_git_[at] &&
                            std::ranges::find(from_git_, id) == from_git_.end();
        if (is_new) from_git_.push_back(id);
      }
    }
  }

  [[nodiscard]] bool is_from_git(const Resource& object) const {
    const auto known = [this](const ResourceId& id) {
      return std::ranges::find(from_git_, id) != from_git_.end();
    };
    return known(object.id) || known(applied_by(object.object));
  }

  void check_objects() {
    for (const auto& [id, object] : survey_.objects) {
      if (is_from_git(object)) {
        const std::optional<Error> refusal = refusal_of(object);
        if (refusal) hinder(message_of(*refusal, object.origin));
      } else if (id.kind == "Kustomization" || id.kind == "HelmRelease") {
        note(
            fmt::format("{} is not from Git: it is suspended and stays as it is, and so does what "
                        "it has applied",
                        to_string(id)));
      }
    }
  }

  void check_programs() {
    for (const auto& [id, deployment] : survey_.deployments) {
      if (deployment.program != FluxProgram::flux_operator || !has_pods(deployment.object))
        continue;
      hinder(describe_rival({.program = deployment.program, .deployment = id}));
    }
  }

  void add_suspensions() {
    const auto add = [this](const Resource& object) {
      if (!is_suspended(object.object)) move(MoveAction::suspend, object.id);
    };
    for (const ResourceId& id : from_git_) add(survey_.objects.at(id));
    for (const auto& [id, object] : survey_.objects) {
      if (id.kind == "HelmRelease" || (is_kustomization(id) && !is_from_git(object))) add(object);
    }
  }

  void add_stops() {
    for (const auto& [id, deployment] : survey_.deployments) {
      const bool is_stoppable = deployment.program != FluxProgram::flux_operator;
      if (is_stoppable && has_pods(deployment.object)) move(MoveAction::stop, id);
    }
  }

  void add_objects_of(const ResourceId& kustomization) {
    const std::string name = fmt::format("{}/{}", kustomization.namespace_name, kustomization.name);
    std::size_t count = 0;
    for (const ResourceId& id : inventory_of(survey_.objects.at(kustomization).object)) {
      const auto found = survey_.applied.find(id);
      if (found == survey_.applied.end() || !is_taken_over(id, found->second)) continue;
      if (!seen_.insert(id).second) {
        note(fmt::format("{} has been applied by several Kustomizations, {} among them",
                         to_string(id), name));
        continue;
      }
      ++count;
      if (patch_of(MoveAction::take_over, found->second)) move(MoveAction::take_over, id, name);
    }
    plan_.objects.insert_or_assign(name, count);
  }

  bool is_taken_over(const ResourceId& id, const Value& object) {
    const FluxRole role = flux_role_of({.id = id, .version = {}, .object = object, .origin = {}});
    if (role != FluxRole::none && role != FluxRole::home) return false;
    const Result<LiveObject> live = read_live_object(object, id.group_kind());
    if (live && live->is_excluded) return false;
    const bool is_others = live && live->foreign_owner && live->foreign_owner->tool != flux_manager;
    if (is_others) {
      note(fmt::format("{} belongs to {} and is left to it", to_string(id),
                       live->foreign_owner->tool));
    }
    return !is_others;
  }

  const FluxSurvey& survey_;
  const ConfiguredFolder& folder_;
  std::vector<ResourceId> from_git_;
  std::set<ResourceId> seen_;
  MovePlan plan_;
};

}  // namespace

MovePlan plan_adoption(const FluxSurvey& survey, const ConfiguredFolder& folder) {
  return AdoptionPlanner(survey, folder).run();
}

}  // namespace primocane
