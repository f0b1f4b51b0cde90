// SPDX-License-Identifier: Apache-2.0
// Renderings: brings the rendering of a Kustomization up to what its source, its spec and the
// objects it reads variables from are now; and falls back to what was in force where that can't be
// rendered.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/limits.hpp"
#include "reconcile/decryption_keys.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/variables.hpp"
#include "reconcile/voice.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

struct RenderingSettings {
  DocumentLimits limits;
  std::uint64_t objects_max = 20'000;  ///< of one Kustomization
};

/// An object of the cluster that goes into a rendering, as it is now.
struct RenderingInput {
  ResourceId id;
  std::string uid;
  std::string resource_version;
};

/// The objects of the cluster that go into the renderings of `states`, but for suspended ones.
[[nodiscard]] std::set<ResourceId> rendering_inputs(const KustomizationStates& states);

/// Whether two specs render the same from the same source.
[[nodiscard]] bool builds_the_same(const KustomizationSpec& a, const KustomizationSpec& b);

/// One per pass. All borrowed.
class Renderings {
 public:
  Renderings(Renderer& renderer, Repository& configured, Cluster& cluster, Sources& sources,
             DecryptionKeys& keys, ClusterSight& sight, RenderingSettings settings)
      : renderer_(renderer),
        configured_(configured),
        cluster_(cluster),
        sources_(sources),
        keys_(keys),
        sight_(sight),
        settings_(settings) {}

  /// Leaves in `state.rendered` what its source's present revision desires. An error says why that
  /// can't be had, and leaves what was rendered before, if anything.
  Task<Result<void>> refresh(KustomizationState& state);

  /// The same with what is encrypted as it is: only to look at the objects of Flux among them.
  Task<Result<void>> look_at(KustomizationState& state);

  /// Renders what refresh() will most likely ask for, while others are applied; `state` stays as it
  /// is, and has to stay where it is until this ends. Nothing of one whose rendering reads objects
  /// of the cluster. Not to be called again for the same before it has ended.
  Task<void> prepare(const KustomizationState& state);

  /// What prepare() has found that `name` will desire; null if it found nothing.
  [[nodiscard]] const DesiredSet* prepared(const KustomizationName& name) const;

  /// Renders what `commit` of the source desires, for want of a newer one: it is recalled then,
  /// unless its parent says that just what it contains was followed last.
  Task<Result<void>> restore(KustomizationState& state, CommitId commit);

  /// refresh(), for want of what was applied last: it is recalled then, likewise.
  Task<Result<void>> recall(KustomizationState& state);

 private:
  /// What was rendered before its turn, or why it can't be.
  struct Prepared {
    Fingerprint key{};
    Result<RenderedSet> set;
  };

  void note_recalled(KustomizationState& state) const;
  Task<Result<void>> render(KustomizationState& state, SourceContent source,
                            std::vector<RenderingInput> inputs,
                            Encrypted encrypted = Encrypted::refused);
  [[nodiscard]] std::optional<Result<RenderedSet>> take_prepared(const KustomizationState& state,
                                                                 const Fingerprint& key);
  Task<Result<RenderedSet>> make(const KustomizationState& state, SourceContent source,
                                 Fingerprint key, Encrypted encrypted);
  Task<Result<std::vector<RenderingInput>>> inputs_of(const KustomizationState& state);
  Task<Result<std::optional<RenderingInput>>> decryption_input(const KustomizationState& state);
  Result<std::optional<RenderingInput>> key_file_input(const KustomizationState& state);
  Task<Result<std::shared_ptr<const Identities>>> keys_for(const KustomizationState& state);
  Task<Result<std::optional<RenderingInput>>> look_up(ResourceId id);
  Task<Result<InputVersion>> version_of(ResourceId id);
  Task<Result<Rendering>> render_now(const KustomizationState& state, SourceContent source,
                                     Encrypted encrypted, const ReadVariables* variables);

  Renderer& renderer_;
  Repository& configured_;
  Cluster& cluster_;
  Sources& sources_;
  DecryptionKeys& keys_;
  ClusterSight& sight_;
  RenderingSettings settings_;
  std::map<KustomizationName, Prepared> prepared_;
};

}  // namespace primocane
