// SPDX-License-Identifier: Apache-2.0
#include "reconcile/root_rendering.hpp"

#include "flux/git_repository_spec.hpp"
#include "reconcile/configured_repository.hpp"
#include "reconcile/declared_repositories.hpp"
#include "reconcile/parents.hpp"
#include "resource/applyset.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// The object of the configured repository among `contained`: the one that the root's own
// Kustomization names, `flux bootstrap`'s, or any other.
std::optional<Resource> configured_object(const std::vector<Resource>& contained,
                                          const KustomizationSpec& root,
                                          const ConfiguredRepository& configured) {
  std::map<ResourceId, Resource> objects;
  for (const Resource& object : contained) objects.emplace(object.id, object);
  const SourceReference bootstrapped{"GitRepository", "flux-system", "flux-system"};
  for (const SourceReference& reference : {root.source, bootstrapped}) {
    const auto found = objects.find(source_id(reference));
    if (found != objects.end()) return found->second;
  }
  for (const auto& [id, object] : objects) {
    const SourceReference reference{id.kind, id.namespace_name, id.name};
    if (is_configured(reference, objects, configured)) return object;
  }
  return std::nullopt;
}

}  // namespace

RootRendering::RootRendering(Repository& repository, Cluster& cluster, ClusterSight& sight,
                             PassMemory& memory, Sources& sources, Renderings& renderings,
                             Settlement& settlement, Voice& voice, RootSettings settings)
    : repository_(repository),
      cluster_(cluster),
      sight_(sight),
      memory_(memory),
      sources_(sources),
      renderings_(renderings),
      settlement_(settlement),
      voice_(voice),
      settings_(std::move(settings)) {}

void RootRendering::begin() {
  if (!memory_.kustomizations.contains(name())) state().spec = plain();
  note();
}

const KustomizationName& RootRendering::name() const {
  return memory_.root ? *memory_.root : settings_.name;
}

void RootRendering::note() { voice_.set_root(subject_of(state())); }

// What the configuration says of the root where no Kustomization in it does.
KustomizationSpec RootRendering::plain() const {
  KustomizationSpec spec;
  spec.name = name();
  spec.path = settings_.path;
  return spec;
}

// Leaves in the root's state what the revision desires or, when it can't be rendered, what was
// desired last.
Task<Result<void>> RootRendering::render(Revision revision) {
  const Result<void> rendered = co_await render_as_itself();
  if (rendered) {
    const bool is_news = !memory_.rendered || memory_.rendered->commit != revision.commit;
    memory_.rendered = revision;
    note();
    if (is_news) voice_.revision(revision);
    co_return Result<void>();
  }
  settlement_.note_failure(state(), "BuildFailed", rendered.error());
  voice_.render_failed(subject_of(state()), commit_words(revision.commit), rendered.error());
  if (state().rendered) co_return Result<void>();
  CO_TRY(const Revision last, co_await last_in_force());
  if (last.commit == revision.commit) co_return std::unexpected(Error{ErrorKind::cancelled, {}});
  const Result<void> restored = co_await renderings_.restore(state(), last.commit);
  if (!restored) {
    voice_.render_failed(subject_of(state()), commit_words(last.commit), restored.error());
    co_return std::unexpected(Error{ErrorKind::cancelled, {}});
  }
  // What the memory says is exact; a parent's revision moves only when its objects change.
  if (memory_.in_force) state().rendered->is_recalled = false;
  CO_TRY(std::optional<KustomizationSpec> own, own_kustomization(state(), settings_.repository));
  if (!memory_.root) CO_CHECK(co_await settle_name(std::move(own)));
  memory_.rendered = last;
  note();
  co_return Result<void>();
}

// A folder that Flux was bootstrapped in has a Kustomization of its own, which says how it is
// rendered and what its set is called, and a GitRepository, which says what is left out.
Task<Result<void>> RootRendering::render_as_itself() {
  constexpr int rounds_max = 3;
  for (int round = 0; round < rounds_max; ++round) {
    CO_TRY(std::optional<KustomizationSpec> own, co_await refresh_and_find_own());
    if (!memory_.root) CO_CHECK(co_await settle_name(own));
    KustomizationSpec spec = own ? std::move(*own) : plain();
    spec.name = name();
    const std::optional<Resource> object =
        configured_object(state().rendered->contained, spec, settings_.repository);
    ConfiguredObject configured;
    Result<void> served;
    std::vector<Error> differences;
    if (object) {
      CO_TRY(const GitRepositorySpec repository,
             refuse_unless(GitRepositorySpec::read(*object, ReachedBy::configuration)));
      configured = {.id = object->id, .shape = shape_of(repository)};
      served = check_served_configured(repository, settings_.repository);
      differences = differences_from(settings_.repository, repository);
    }
    const bool is_same = spec.name == state().spec.name && builds_the_same(spec, state().spec) &&
                         configured == sources_.configured_object();
    sources_.set_configured_object(std::move(configured));
    state().spec = std::move(spec);
    if (!is_same) continue;
    // It goes on as the configuration says, and nobody may believe that it is verified.
    if (!served) voice_.problem({}, served.error());
    for (const Error& difference : differences) voice_.problem({}, difference);
    co_return Result<void>();
  }
  co_return Result<void>();
}

// Where the folder can't be rendered because something in it is encrypted, its Kustomization may
// say how that is decrypted: it is looked for, once for each thing that can't be rendered.
Task<Result<std::optional<KustomizationSpec>>> RootRendering::refresh_and_find_own() {
  const std::uint64_t unrenderable = state().unrenderable.added();
  Result<void> refreshed = co_await renderings_.refresh(state());
  if (refreshed) {
    co_return refuse_unless(own_kustomization(state(), settings_.repository));
  }
  const bool is_news = state().unrenderable.added() > unrenderable;
  if (state().spec.is_decrypting || !is_news) co_return std::unexpected(refreshed.error());
  KustomizationState sight;
  sight.spec = state().spec;
  const Result<void> seen = co_await renderings_.look_at(sight);
  if (!seen) co_return std::unexpected(refreshed.error());
  CO_TRY(std::optional<KustomizationSpec> own, own_kustomization(sight, settings_.repository));
  if (!own || !own->is_decrypting) co_return std::unexpected(refreshed.error());
  co_return own;
}

// Where what the folder says of itself is wrong, its rendering is not what it should be.
template <typename T>
Result<T> RootRendering::refuse_unless(Result<T> said) {
  if (said) return said;
  state().unrenderable.add(state().rendered->key, said.error());
  state().rendered.reset();
  return said;
}

// Once and for all: the set's id hangs on it. A set that exists keeps its name.
Task<Result<void>> RootRendering::settle_name(std::optional<KustomizationSpec> own) {
  KustomizationName chosen = settings_.name;
  if (own && own->name != chosen) {
    CO_CHECK(co_await look_at_parents(cluster_, sight_, name()));
    if (!sight_.view.parents.contains(applyset_id(chosen))) chosen = own->name;
  }
  if (chosen != settings_.name) {
    KustomizationStates::node_type node = memory_.kustomizations.extract(settings_.name);
    node.key() = chosen;
    memory_.kustomizations.insert(std::move(node));
  }
  memory_.root = std::move(chosen);
  co_return Result<void>();
}

// What stays while the newest can't be rendered: by memory or, on a card that has none, by the
// parent.
Task<Result<Revision>> RootRendering::last_in_force() {
  if (memory_.in_force) co_return *memory_.in_force;
  CO_CHECK(co_await look_at_parents(cluster_, sight_, name()));
  const std::optional<CommitId> commit = commit_of_parent(sight_.view, name());
  if (!commit) co_return std::unexpected(Error{ErrorKind::cancelled, {}});
  Result<Revision> last = co_await repository_.resolve(commit->str());
  co_return last;
}

}  // namespace primocane
