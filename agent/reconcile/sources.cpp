// SPDX-License-Identifier: Apache-2.0
#include "reconcile/sources.hpp"

#include "base/quantity.hpp"
#include "base/task_group.hpp"
#include "document/json.hpp"
#include "flux/git_repository_spec.hpp"
#include "reconcile/declared_repositories.hpp"
#include "source/revision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr Duration shortest_interval = std::chrono::seconds(10);
// What has failed is asked again sooner.
constexpr Duration retry_pause = std::chrono::seconds(30);

// Its own reader tells what is wrong with an interval.
Duration interval_of(const Resource& object) {
  const Result<Duration> interval = parse_duration(object.object.text_at("spec", "interval"));
  return std::max(interval.value_or(std::chrono::minutes(1)), shortest_interval);
}

constexpr std::size_t questions_at_once = 4;

// What tells whether included sources hold something else than before.
std::string words_of(const Result<std::vector<SourceContent>>& included) {
  if (!included) return "nothing: " + included.error().message;
  std::string words;
  for (const SourceContent& content : *included) {
    words += fmt::format("{}\n{}\n", content.revision, content.root);
    if (content.shape) words += write_json(write_tree_shape(*content.shape)) + '\n';
  }
  return words;
}

bool is_source(const ResourceId& id) {
  return id.group == "source.toolkit.fluxcd.io" &&
         (id.kind == "GitRepository" || id.kind == "OCIRepository");
}

}  // namespace

bool is_suspended(const Resource& object) {
  const Value* suspend = object.object.find("spec", "suspend");
  return suspend != nullptr && *suspend == Value(true);
}

void Sources::declare(std::map<ResourceId, Resource> objects, ConfiguredRepository repository) {
  repository_ = std::move(repository);
  objects_ = std::move(objects);
  std::erase_if(declared_, [this](const auto& entry) { return !objects_.contains(entry.first); });
  for (const auto& [id, object] : objects_) {
    if (!is_source(id)) continue;
    const auto known = declared_.find(id);
    if (known != declared_.end() && known->second.object.object == object.object) continue;
    Declared fresh{.object = object,
                   .open = nullptr,
                   .content = fail(ErrorKind::unavailable, "was not asked yet"),
                   .due = std::nullopt,
                   .failure = std::nullopt};
    fresh.includes = includes_of(object);
    // What was fetched stays in force until what is declared now was, as an artifact of Flux's
    // does.
    if (known != declared_.end() && known->second.content) fresh.content = known->second.content;
    declared_.insert_or_assign(id, std::move(fresh));
  }
  note_circles();
}

SourceInclusions Sources::inclusions() const {
  SourceInclusions inclusions;
  for (const auto& [id, source] : declared_) {
    if (source.includes.empty()) continue;
    inclusions.emplace(SourceReference{id.kind, id.namespace_name, id.name}, source.includes);
  }
  return inclusions;
}

void Sources::note_circles() {
  for (auto& [id, source] : declared_) source.circle.clear();
  for (auto& [reference, way] : inclusion_circles(inclusions())) {
    const auto source = declared_.find(source_id(reference));
    if (source != declared_.end()) source->second.circle = std::move(way);
  }
}

void Sources::tidy() {
  if (opener_ == nullptr) return;
  std::set<ResourceId> kept;
  for (const auto& [id, source] : declared_) kept.insert(id);
  opener_->keep_only(kept);
}

bool Sources::is_configured(const SourceReference& reference) const {
  return reference.kind.empty() || primocane::is_configured(reference, objects_, repository_);
}

void Sources::set_configured(const Revision& revision) {
  configured_content_ = SourceContent{.revision = to_string(revision),
                                      .kind = RenderSource::commit,
                                      .commit = revision.commit,
                                      .root = configured_.mirror_path(),
                                      .shape = std::nullopt};
}

void Sources::set_configured_folder(std::string folder) {
  configured_content_ = SourceContent{.revision = "folder",
                                      .kind = RenderSource::folder,
                                      .commit = std::nullopt,
                                      .root = std::move(folder),
                                      .shape = std::nullopt};
}

// Flux's own patterns are none of kustomize's business: what no Kustomization speaks of has all its
// files, but for what a .sourceignore leaves out.
Result<SourceContent> Sources::find_configured(const SourceReference& reference) const {
  if (!configured_content_) {
    return fail(ErrorKind::unavailable, "the configured repository was not fetched yet");
  }
  SourceContent content = *configured_content_;
  if (content.kind == RenderSource::folder) return content;
  content.shape = configured_object_.shape;
  if (reference.kind.empty()) {
    content.shape->defaults = IgnoreDefaults::no;
    return content;
  }
  const ResourceId id = source_id(reference);
  const auto declared = objects_.find(id);
  if (id == configured_object_.id || declared == objects_.end()) return content;
  const GitRepositorySpec spec =
      TRY(GitRepositorySpec::read(declared->second, ReachedBy::configuration));
  TRY(check_served_configured(spec, repository_));
  content.shape = shape_of(spec);
  return content;
}

Result<SourceContent> Sources::find(const SourceReference& reference) const {
  if (is_configured(reference)) return find_configured(reference);
  const auto source = declared_.find(source_id(reference));
  if (source == declared_.end()) {
    return fail(ErrorKind::invalid,
                fmt::format("{} is not in Git: declare it beside the Kustomization that names it",
                            to_string(reference)));
  }
  if (source->second.content) return source->second.content;
  return std::unexpected(with_context(to_string(reference), source->second.content.error()));
}

// A source that was not reached is asked again, so that source-controller marks it as Reconciling,
// and what it can't serve as Stalled. Other than there, one that can't be reached for a while is
// healthy by what it gave before, which is in force.
Health Sources::health_of(const ResourceId& id) const {
  const bool is_served_always = is_configured({id.kind, id.namespace_name, id.name});
  if (is_served_always) return {.status = HealthStatus::current};
  const auto object = objects_.find(id);
  if (object == objects_.end()) {
    return {.status = HealthStatus::not_found, .message = "is not in Git"};
  }
  const auto source = declared_.find(id);
  const bool is_asked = source != declared_.end() && !is_suspended(object->second);
  if (!is_asked) return {.status = HealthStatus::current};
  const Declared& declared = source->second;
  if (!declared.content) {
    const Error& why = declared.content.error();
    const bool has_failed = why.kind == ErrorKind::invalid;
    return {.status = has_failed ? HealthStatus::failed : HealthStatus::in_progress,
            .message = why.message};
  }
  const bool has_failed = declared.failure && declared.failure->kind == ErrorKind::invalid;
  if (!has_failed) return {.status = HealthStatus::current};
  return {.status = HealthStatus::failed, .message = declared.failure->message};
}

const Resource* Sources::declared(const ResourceId& id) const {
  const auto object = objects_.find(id);
  return object == objects_.end() ? nullptr : &object->second;
}

std::string Sources::revision_words(const SourceReference& reference) const {
  const Result<SourceContent> content = find(reference);
  return content ? content->revision : std::string("source");
}

Task<void> Sources::update(SourceReference reference, Cluster& cluster, bool is_asking) {
  std::set<SourceReference> references;
  references.insert(std::move(reference));
  Task<void> updating = update(std::move(references), cluster, is_asking);
  co_await updating;
}

Task<void> Sources::update(std::set<SourceReference> references, Cluster& cluster, bool is_asking) {
  const std::vector<std::set<SourceReference>> waves = inclusion_waves(inclusions(), references);
  for (const std::set<SourceReference>& wave : waves) {
    TaskGroup group(questions_at_once);
    for (const SourceReference& reference : wave) {
      group.add(update_one(reference, cluster, is_asking));
    }
    co_await group.wait();
  }
}

Task<void> Sources::update_one(SourceReference reference, Cluster& cluster, bool is_asking) {
  if (is_configured(reference)) co_return;
  const auto source = declared_.find(source_id(reference));
  if (source == declared_.end()) co_return;
  Declared& declared = source->second;
  const bool has_news = words_of(included_in(declared)) != declared.included;
  const bool is_due = !declared.due || clock_.now() >= *declared.due || is_asking || has_news;
  const bool is_resting = is_suspended(declared.object) && declared.due.has_value();
  if (!is_due || is_resting) co_return;
  Task<void> asking = ask(declared, cluster);
  co_await asking;
}

Result<std::vector<SourceContent>> Sources::included_in(const Declared& source) const {
  constexpr std::string_view field = "spec.include";
  if (!source.circle.empty()) {
    return fail(
        ErrorKind::invalid,
        fmt::format("{}: repositories include each other in a circle: {}", field, source.circle));
  }
  std::vector<SourceContent> included;
  for (const SourceReference& reference : source.includes) {
    const bool is_there = is_configured(reference) || declared_.contains(source_id(reference));
    if (!is_there) {
      return fail(ErrorKind::unavailable,
                  fmt::format("{}: {} is not in Git", field, to_string(reference)));
    }
    Result<SourceContent> content =
        is_configured(reference) ? find(reference) : declared_.at(source_id(reference)).content;
    // It may come right without a change of this one.
    if (!content) {
      return fail(ErrorKind::unavailable,
                  fmt::format("{}: nothing is there of {}: {}", field, to_string(reference),
                              content.error().message));
    }
    included.push_back(std::move(*content));
  }
  return included;
}

// Opened each time: Secrets may have changed, and to open costs nothing else.
Task<void> Sources::ask(Declared& source, Cluster& cluster) {
  if (opener_ == nullptr) {
    source.content = fail(ErrorKind::invalid, "no source but the configured repository is served");
    co_return;
  }
  Duration pause = interval_of(source.object);
  source.open.reset();
  source.included = words_of(included_in(source));
  Result<SourceContent> content = co_await content_of(source, cluster);
  if (!content) pause = std::min(pause, retry_pause);
  // Whatever the remote answers, its branch is gone say, what was there stays in force, as an
  // artifact of Flux's does. Only a spec that can't be served leaves nothing.
  const bool is_served =
      source.open != nullptr || content || content.error().kind != ErrorKind::invalid;
  const bool keeps = !content && source.content && is_served;
  source.failure.reset();
  if (keeps) {
    source.failure = std::move(content).error();
  } else {
    source.content = std::move(content);
  }
  source.due = clock_.now() + pause;
}

// What is on disk is in force from the start, so that an agent that was started again while the
// source can't be reached goes on, and a suspended one stays where it is.
Task<Result<SourceContent>> Sources::content_of(Declared& source, Cluster& cluster) {
  CO_TRY(source.open, co_await opener_->open(source.object, cluster));
  if (!source.content) {
    if (std::optional<SourceContent> here = source.open->on_disk()) source.content = *here;
  }
  if (is_suspended(source.object)) {
    if (source.content) co_return *source.content;
    co_return fail(ErrorKind::unavailable, "is suspended, and nothing of it was fetched before");
  }
  CO_TRY(std::vector<SourceContent> included, included_in(source));
  Result<SourceContent> content = co_await source.open->update(std::move(included));
  co_return content;
}

std::vector<std::pair<std::string, Error>> Sources::failures() const {
  std::vector<std::pair<std::string, Error>> failures;
  for (const auto& [id, source] : declared_) {
    if (source.failure) failures.emplace_back(to_string(id), *source.failure);
  }
  return failures;
}

std::optional<SteadyTime> Sources::next_due(SteadyTime began) const {
  std::optional<SteadyTime> next;
  for (const auto& [id, source] : declared_) {
    const bool is_asked = source.due && *source.due > began && !is_suspended(source.object);
    if (is_asked && (!next || *source.due < *next)) {
      next = source.due;
    }
  }
  return next;
}

}  // namespace primocane
