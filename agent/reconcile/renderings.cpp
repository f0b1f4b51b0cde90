// SPDX-License-Identifier: Apache-2.0
#include "reconcile/renderings.hpp"

#include "document/json.hpp"
#include "plan/plan.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/variables.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <utility>

namespace primocane {

namespace {

// A folder that no Kustomization speaks of is built as kustomize builds it.
bool is_of_flux(const KustomizationSpec& spec) { return !spec.source.kind.empty(); }

// What of a spec decides what comes out.
std::string build_words(const KustomizationSpec& spec) {
  std::string text =
      fmt::format("{}\n{}{}{}\n{}\n", spec.path.str(), is_of_flux(spec), spec.is_decrypting,
                  spec.decryption_secret, write_json(write_build_settings(spec.build)));
  for (const VariableSource& source : spec.variable_sources) {
    text += fmt::format("{}/{} {}\n", source.kind, source.name, source.is_optional);
  }
  return text;
}

// All that decides what comes out, so that the same is not rendered twice.
Fingerprint key_of(const KustomizationState& state, const SourceContent& source,
                   const std::vector<RenderingInput>& inputs, Encrypted encrypted) {
  std::string text =
      fmt::format("{}\n{}\n{}\n", to_string(state.spec.name), source.revision, source.root);
  if (encrypted == Encrypted::kept) text += "encrypted\n";
  text += build_words(state.spec);
  if (source.shape) text += write_json(write_tree_shape(*source.shape));
  for (const RenderingInput& input : inputs) {
    text += fmt::format("\n{} {} {}", to_string(input.id), input.uid, input.resource_version);
  }
  return fingerprint(text);
}

Error empty_rendering(const KustomizationState& state) {
  const std::string_view what = state.container ? "spec.path" : "git.path";
  return {ErrorKind::invalid, fmt::format("path \"{}\" renders to no objects at all: nothing is "
                                          "applied or pruned; is {} right?",
                                          state.spec.path.str(), what)};
}

Result<RenderedSet> into_set(Rendering rendering, const KustomizationState& state) {
  const bool is_empty = rendering.objects.empty() && rendering.flux_objects.empty();
  if (is_empty) return std::unexpected(empty_rendering(state));
  RenderedSet set;
  set.desired = TRY(DesiredSet::make(state.spec.name, std::move(rendering.objects)));
  TRY(refuse_what_is_ours(set.desired));
  set.contained = std::move(rendering.flux_objects);
  set.not_served = std::move(rendering.not_served);
  return set;
}

// What is known of such objects before it is their turn may be old by then.
bool reads_the_cluster(const KustomizationSpec& spec) {
  return !spec.variable_sources.empty() || !spec.decryption_secret.empty();
}

BuildSettings with_variables(BuildSettings settings, const ReadVariables& variables) {
  settings.variables = Variables(variables.values.begin(), variables.values.end());
  settings.confidential_variables = variables.confidential;
  return settings;
}

ResourceId variable_object(const VariableSource& source, const KustomizationName& name) {
  return {"", source.kind, name.namespace_name, source.name};
}

}  // namespace

std::set<ResourceId> rendering_inputs(const KustomizationStates& states) {
  std::set<ResourceId> inputs;
  for (const auto& [name, state] : states) {
    if (is_suspended(state)) continue;
    for (const VariableSource& source : state.spec.variable_sources) {
      inputs.insert(variable_object(source, name));
    }
    if (!state.spec.decryption_secret.empty()) inputs.insert(decryption_secret_of(state.spec));
  }
  return inputs;
}

bool builds_the_same(const KustomizationSpec& a, const KustomizationSpec& b) {
  return build_words(a) == build_words(b);
}

Task<Result<void>> Renderings::refresh(KustomizationState& state) {
  CO_TRY(SourceContent source, sources_.find(state.spec.source));
  CO_TRY(std::vector<RenderingInput> inputs, co_await inputs_of(state));
  Task<Result<void>> rendering = render(state, std::move(source), std::move(inputs));
  Result<void> rendered = co_await rendering;
  co_return rendered;
}

Task<Result<void>> Renderings::look_at(KustomizationState& state) {
  CO_TRY(SourceContent source, sources_.find(state.spec.source));
  Task<Result<void>> rendering = render(state, std::move(source), {}, Encrypted::kept);
  Result<void> rendered = co_await rendering;
  co_return rendered;
}

Task<Result<void>> Renderings::restore(KustomizationState& state, CommitId commit) {
  CO_TRY(SourceContent source, sources_.find(state.spec.source));
  CO_TRY(const Revision revision, co_await configured_.resolve(commit.str()));
  source.revision = to_string(revision);
  source.commit = revision.commit;
  CO_TRY(std::vector<RenderingInput> inputs, co_await inputs_of(state));
  Task<Result<void>> rendering = render(state, std::move(source), std::move(inputs));
  Result<void> rendered = co_await rendering;
  if (rendered) note_recalled(state);
  co_return rendered;
}

Task<Result<void>> Renderings::recall(KustomizationState& state) {
  Task<Result<void>> refreshing = refresh(state);
  const Result<void> rendered = co_await refreshing;
  if (rendered) note_recalled(state);
  co_return rendered;
}

void Renderings::note_recalled(KustomizationState& state) const {
  const LiveParent* const parent = live_parent(sight_.view, state.spec.name);
  state.rendered->is_recalled =
      parent == nullptr || parent->parent.contained != fingerprint_of_contained(*state.rendered);
}

Task<Result<void>> Renderings::render(KustomizationState& state, SourceContent source,
                                      std::vector<RenderingInput> inputs, Encrypted encrypted) {
  const Fingerprint key = key_of(state, source, inputs, encrypted);
  if (state.rendered && state.rendered->key == key) {
    state.rendered->is_recalled = false;
    state.rendered->is_ahead = false;
    co_return Result<void>();
  }
  if (const Error* why = state.unrenderable.find(key)) co_return std::unexpected(*why);
  std::optional<Result<RenderedSet>> set = take_prepared(state, key);
  if (!set) set = co_await make(state, std::move(source), key, encrypted);
  if (!*set) {
    Error error = std::move(*set).error();
    if (error.kind == ErrorKind::invalid) state.unrenderable.add(key, error);
    co_return std::unexpected(std::move(error));
  }
  state.unrenderable.clear();
  state.rendered = std::move(**set);
  co_return Result<void>();
}

Task<void> Renderings::prepare(const KustomizationState& state) {
  Result<SourceContent> source = sources_.find(state.spec.source);
  if (!source || reads_the_cluster(state.spec)) co_return;
  Result<std::optional<RenderingInput>> file = key_file_input(state);
  if (!file) co_return;
  std::vector<RenderingInput> inputs;
  if (*file) inputs.push_back(std::move(**file));
  const Fingerprint key = key_of(state, *source, inputs, Encrypted::refused);
  const bool is_known = (state.rendered && state.rendered->key == key) ||
                        state.unrenderable.find(key) != nullptr ||
                        prepared_.contains(state.spec.name);
  if (is_known) co_return;
  Result<RenderedSet> set = co_await make(state, std::move(*source), key, Encrypted::refused);
  prepared_.insert_or_assign(state.spec.name, Prepared{.key = key, .set = std::move(set)});
}

const DesiredSet* Renderings::prepared(const KustomizationName& name) const {
  const auto prepared = prepared_.find(name);
  const bool is_there = prepared != prepared_.end() && prepared->second.set;
  return is_there ? &prepared->second.set->desired : nullptr;
}

std::optional<Result<RenderedSet>> Renderings::take_prepared(const KustomizationState& state,
                                                             const Fingerprint& key) {
  const auto prepared = prepared_.find(state.spec.name);
  if (prepared == prepared_.end()) return std::nullopt;
  std::optional<Result<RenderedSet>> set;
  if (prepared->second.key == key) set = std::move(prepared->second.set);
  prepared_.erase(prepared);
  return set;
}

Task<Result<RenderedSet>> Renderings::make(const KustomizationState& state, SourceContent source,
                                           Fingerprint key, Encrypted encrypted) {
  std::string revision = source.revision;
  ReadVariables variables;
  if (is_of_flux(state.spec)) {
    CO_TRY(variables, co_await read_variables(cluster_, state.spec));
  }
  CO_TRY(Rendering rendering, co_await render_now(state, std::move(source), encrypted, &variables));
  CO_TRY(RenderedSet set, into_set(std::move(rendering), state));
  for (const std::string& name : variables.confidential) {
    set.secrets.push_back(variables.values.at(name));
  }
  set.key = key;
  set.revision = std::move(revision);
  co_return set;
}

// The root's folder may have no Kustomization that says how it is decrypted.
Task<Result<std::shared_ptr<const Identities>>> Renderings::keys_for(
    const KustomizationState& state) {
  if (state.spec.is_decrypting) {
    Task<Result<std::shared_ptr<const Identities>>> reading = keys_.of(state.spec, cluster_);
    Result<std::shared_ptr<const Identities>> identities = co_await reading;
    co_return identities;
  }
  if (state.container || !keys_.has_file()) co_return nullptr;
  co_return keys_.of_file();
}

Task<Result<Rendering>> Renderings::render_now(const KustomizationState& state,
                                               SourceContent source, Encrypted encrypted,
                                               const ReadVariables* variables) {
  RenderRequest request{.source = source.kind,
                        .output = RenderOutput::desired,
                        .commit = source.commit,
                        .path = state.spec.path,
                        .name = state.spec.name,
                        .limits = settings_.limits,
                        .objects_max = settings_.objects_max};
  request.shape = std::move(source.shape);
  if (is_of_flux(state.spec)) request.build = with_variables(state.spec.build, *variables);
  request.encrypted = encrypted;
  if (encrypted == Encrypted::refused) {
    CO_TRY(std::shared_ptr<const Identities> identities, co_await keys_for(state));
    request.identities = std::move(identities);
  }
  Result<Rendering> rendering =
      co_await renderer_.render(std::move(request), std::move(source.root));
  co_return rendering;
}

// The versions of the objects that go into it: enough to see whether anything is new.
Task<Result<std::vector<RenderingInput>>> Renderings::inputs_of(const KustomizationState& state) {
  std::vector<RenderingInput> inputs;
  for (const VariableSource& source : state.spec.variable_sources) {
    ResourceId id = variable_object(source, state.spec.name);
    CO_TRY(std::optional<RenderingInput> input, co_await look_up(id));
    if (input) {
      inputs.push_back(std::move(*input));
    } else if (!source.is_optional) {
      co_return fail(
          ErrorKind::unavailable,
          fmt::format("spec.postBuild.substituteFrom: {} is not in the cluster", to_string(id)));
    }
  }
  CO_TRY(std::optional<RenderingInput> secret, co_await decryption_input(state));
  if (secret) inputs.push_back(std::move(*secret));
  CO_TRY(std::optional<RenderingInput> file, key_file_input(state));
  if (file) inputs.push_back(std::move(*file));
  co_return inputs;
}

// The Secret with the keys; nothing if none is named, or a file has to do.
Task<Result<std::optional<RenderingInput>>> Renderings::decryption_input(
    const KustomizationState& state) {
  if (state.spec.decryption_secret.empty()) co_return std::nullopt;
  const ResourceId id = decryption_secret_of(state.spec);
  CO_TRY(std::optional<RenderingInput> input, co_await look_up(id));
  if (!input && !keys_.has_file()) co_return std::unexpected(missing_decryption_secret(id));
  co_return input;
}

// The configuration's file with keys, if those count.
Result<std::optional<RenderingInput>> Renderings::key_file_input(const KustomizationState& state) {
  const bool counts = state.spec.is_decrypting || !state.container;
  if (!counts || !keys_.has_file()) return std::nullopt;
  std::string mark = TRY(keys_.file_mark());
  return RenderingInput{.id = {}, .uid = std::move(mark), .resource_version = {}};
}

Task<Result<std::optional<RenderingInput>>> Renderings::look_up(ResourceId id) {
  CO_TRY(InputVersion version, co_await version_of(id));
  if (sight_.inputs != nullptr) sight_.inputs->note(id, version);
  if (version == InputVersion()) co_return std::nullopt;
  co_return RenderingInput{std::move(id), std::move(version.uid),
                           std::move(version.resource_version)};
}

// Those that we apply ourselves are in sight already.
Task<Result<InputVersion>> Renderings::version_of(ResourceId id) {
  const auto seen = sight_.view.labelled.find(id);
  if (seen != sight_.view.labelled.end()) {
    co_return InputVersion{seen->second.uid, seen->second.resource_version};
  }
  std::optional<InputVersion> shown;
  if (sight_.inputs != nullptr) shown = sight_.inputs->find(id);
  if (shown) co_return std::move(*shown);
  InputVersion version;
  std::function<void(const Value&)> each = [&](const Value& object) {
    version = InputVersion{std::string(object.text_at("metadata", "uid")),
                           std::string(object.text_at("metadata", "resourceVersion"))};
  };
  MetadataQuery query{.group_kind = id.group_kind(),
                      .namespace_name = id.namespace_name,
                      .label_selector = {},
                      .name = id.name};
  CO_CHECK(co_await cluster_.list_metadata(std::move(query), std::move(each)));
  co_return version;
}

}  // namespace primocane
