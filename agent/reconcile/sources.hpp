// SPDX-License-Identifier: Apache-2.0
// Sources: where the Kustomizations of the graph come from. The configured repository is one of
// them; the others are declared in Git, and asked for news at the interval that each declares.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/kustomization_spec.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/source_inclusions.hpp"
#include "render/render_request.hpp"
#include "resource/health.hpp"
#include "resource/resource.hpp"
#include "source/repository.hpp"
#include "source/tree_shape.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// Whether `object`, a source of any kind or a HelmChart, says that it stays as it is.
[[nodiscard]] bool is_suspended(const Resource& object);

/// What a source holds now, as a renderer is told.
struct SourceContent {
  std::string revision;  ///< as Flux writes it: "main@sha1:...", "latest@sha256:..."
  RenderSource kind = RenderSource::commit;
  std::optional<CommitId> commit;
  std::string root;                ///< what the renderer reads: a folder, or a bundle
  std::optional<TreeShape> shape;  ///< what of that the source takes; nothing for all of it
};

/// A source that is declared in Git, open: it has what it needs to be asked.
class OpenSource {
 public:
  virtual ~OpenSource() = default;

  /// What is here of it without asking, if anything.
  [[nodiscard]] virtual std::optional<SourceContent> on_disk() = 0;
  /// Asks for news and gets them; what is on disk afterwards. `included` is what the sources hold
  /// that its object includes (includes_of()), in their order. Errors as Repository::update().
  virtual Task<Result<SourceContent>> update(std::vector<SourceContent> included) = 0;
};

/// Opens declared sources. Tests have one in memory.
class SourceOpener {
 public:
  virtual ~SourceOpener() = default;

  /// Opens what `object` (a GitRepository or an OCIRepository) declares, with what its Secrets in
  /// the cluster say. `invalid`, naming object and field, if it can't be served as it is;
  /// `unavailable` if a Secret is not there.
  virtual Task<Result<std::unique_ptr<OpenSource>>> open(Resource object, Cluster& cluster) = 0;

  /// Forgets what is kept on disk of all sources but these.
  virtual void keep_only(const std::set<ResourceId>& sources) = 0;
};

/// The GitRepository that stands for the configured repository in Git, empty if there is none, and
/// what it takes of each commit.
struct ConfiguredObject {
  ResourceId id;
  TreeShape shape;

  bool operator==(const ConfiguredObject&) const = default;
};

/// Remembers from pass to pass; one per agent.
class Sources {
 public:
  /// `opener` is null where only the configured repository is served. Both are borrowed.
  Sources(Repository& configured, SourceOpener* opener, const Clock& clock)
      : configured_(configured), opener_(opener), clock_(clock) {}

  /// The configured repository stands at `revision`.
  void set_configured(const Revision& revision);
  /// The tree `folder` of this machine is taken for the configured repository.
  void set_configured_folder(std::string folder);

  /// What Git says of the configured repository itself. Others that lead there as well have shapes
  /// of their own.
  void set_configured_object(ConfiguredObject object) { configured_object_ = std::move(object); }
  [[nodiscard]] const ConfiguredObject& configured_object() const { return configured_object_; }

  /// What Git declares; `repository` tells which of it is the configured one.
  void declare(std::map<ResourceId, Resource> objects, ConfiguredRepository repository);

  /// Forgets what is kept on disk of sources that nothing declares: all of Git has been rendered.
  void tidy();

  /// Asks each of `references` for news if its interval has passed since it was last asked, it is
  /// new or declared otherwise, what it includes holds something else, or a person `is_asking`; and
  /// before it what it includes. What came of it is find()'s to tell. Not to be called again before
  /// it has ended.
  Task<void> update(std::set<SourceReference> references, Cluster& cluster, bool is_asking);
  Task<void> update(SourceReference reference, Cluster& cluster, bool is_asking);

  /// Why sources that hold what they held before could not be asked for news, by their names.
  [[nodiscard]] std::vector<std::pair<std::string, Error>> failures() const;
  /// What `reference` holds, or why that is not known; one without a kind is the configured one.
  [[nodiscard]] Result<SourceContent> find(const SourceReference& reference) const;
  /// The health of the source `id` or, as kstatus has it, of its condition Ready: failed where its
  /// spec can't be served, in progress where it was never reached. What is suspended, and what
  /// is never asked here (HelmRepositories, HelmCharts), is current where it is declared.
  [[nodiscard]] Health health_of(const ResourceId& id) const;
  /// The object `id` among what Git declares, which need not be a source; null if it is not there.
  [[nodiscard]] const Resource* declared(const ResourceId& id) const;
  /// What an error of rendering it begins with: its revision, or "source".
  [[nodiscard]] std::string revision_words(const SourceReference& reference) const;
  /// Whether it is the configured repository.
  [[nodiscard]] bool is_configured(const SourceReference& reference) const;
  /// When the next source wants to be asked; nothing if none does. Those that wanted it at `began`,
  /// when the pass began that ends now, are used by nobody who runs.
  [[nodiscard]] std::optional<SteadyTime> next_due(SteadyTime began) const;

 private:
  struct Declared {
    Resource object;
    std::unique_ptr<OpenSource> open;
    Result<SourceContent> content;
    std::optional<SteadyTime> due;  // none: at once
    std::optional<Error> failure;   // of the last time it was asked, though `content` stays
    std::vector<SourceReference> includes{};
    std::string circle{};    // of inclusions that it is in, "" for none
    std::string included{};  // what they held when it was last asked, in words
  };

  void note_circles();
  [[nodiscard]] SourceInclusions inclusions() const;
  Task<void> update_one(SourceReference reference, Cluster& cluster, bool is_asking);
  [[nodiscard]] Result<std::vector<SourceContent>> included_in(const Declared& source) const;
  Task<void> ask(Declared& source, Cluster& cluster);
  Task<Result<SourceContent>> content_of(Declared& source, Cluster& cluster);
  [[nodiscard]] Result<SourceContent> find_configured(const SourceReference& reference) const;

  Repository& configured_;
  SourceOpener* opener_;
  const Clock& clock_;
  ConfiguredRepository repository_;
  std::optional<SourceContent> configured_content_;  // without a shape
  ConfiguredObject configured_object_;
  std::map<ResourceId, Resource> objects_;
  std::map<ResourceId, Declared> declared_;
};

}  // namespace primocane
