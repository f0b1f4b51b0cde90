// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_inputs.hpp"

#include "document/json.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/release_sets.hpp"
#include "reconcile/sources.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace primocane {

namespace {

ResourceId values_object(const HelmReleaseSpec& spec, const ValuesReference& reference) {
  return {"", reference.kind, spec.id.namespace_name, reference.name};
}

std::vector<ReferencedValues> no_values() { return {}; }

}  // namespace

// A source that is suspended keeps its artifact, and a suspended HelmChart keeps its chart,
// whatever else is said of them (source-controller, Reconcile: it returns before it looks at
// anything).
Result<ReleaseInputs::Inquiry> ReleaseInputs::inquiry_of(const ReleaseState& state) const {
  const HelmReleaseSpec& spec = *state.spec;
  Inquiry inquiry;
  std::optional<ChartRequest> chart = spec.chart;
  SourceReference reference = chart ? chart->source : *spec.chart_reference;
  inquiry.asked.reference = reference;
  if (reference.kind == "HelmChart") {
    const Resource* object = contained(source_id(reference));
    if (object != nullptr) {
      inquiry.is_resting =
          is_suspended(*object) && state.chart && state.asked.reference == reference;
      if (inquiry.is_resting) return inquiry;
      chart = TRY(HelmChartSpec::read(*object)).chart;
      reference = chart->source;
    }
  }
  inquiry.asked.source = reference;
  if (chart) inquiry.asked.name = chart->name;
  if (chart) inquiry.asked.version = chart->version;
  const Resource* source = contained(source_id(reference));
  if (source == nullptr) {
    return fail(ErrorKind::unavailable, fmt::format("{}: {} is in none of the Kustomizations",
                                                    to_string(spec.origin), to_string(reference)));
  }
  inquiry.is_resting = is_suspended(*source) && state.chart && state.asked == inquiry.asked;
  inquiry.question.source = *source;
  inquiry.question.chart = std::move(chart);
  return inquiry;
}

Task<Result<void>> ReleaseInputs::find_chart(ReleaseState* state, bool is_due) {
  CO_TRY(Inquiry inquiry, inquiry_of(*state));
  ChartQuestion& question = inquiry.question;
  if (inquiry.is_resting) {
    state->chart_failure.reset();
    state->question = {};  // asked at once when it is resumed
    co_return Result<void>();
  }
  std::string text = write_canonical_json(question.source.object);
  if (question.chart)
    text += fmt::format("\n{}\n{}", question.chart->name, question.chart->version);
  const Fingerprint print = fingerprint(text);
  const bool is_same = state->question == print;
  // What is not reachable or not there yet may be at any time; the agent's pauses grow by
  // themselves.
  const bool is_refused =
      state->chart_failure && state->chart_failure->kind != ErrorKind::unavailable;
  if (is_same && !is_due && is_refused) {
    co_return std::unexpected(*state->chart_failure);
  }
  if (is_same && !is_due && state->chart) co_return Result<void>();
  state->question = print;
  Result<ResolvedChart> found = co_await finder_.find(std::move(question), cluster_);
  state->chart_failure.reset();
  if (!found) {
    state->chart_failure = std::move(found).error();
    co_return std::unexpected(*state->chart_failure);
  }
  const bool is_news = !state->chart || *state->chart != *found;
  state->chart = std::move(*found);
  state->asked = std::move(inquiry.asked);
  if (is_news) state->is_stale = true;
  co_return Result<void>();
}

// What Git says of a ConfigMap or Secret is what will be in the cluster, and is there at once.
Fingerprint ReleaseInputs::given_values(const HelmReleaseSpec& spec) const {
  std::string text;
  for (const ValuesReference& reference : spec.values_from) {
    const DesiredObject* given = desired(values_object(spec, reference));
    text += given == nullptr ? "-" : to_string(given->hash);
  }
  return fingerprint(text);
}

Task<Result<void>> ReleaseInputs::read_values(ReleaseState* state, bool is_due) {
  const HelmReleaseSpec& spec = *state->spec;
  const Fingerprint given = given_values(spec);
  if (state->values && state->given == given && !is_due) co_return Result<void>();
  std::vector<ReferencedValues> found = no_values();
  bool holds_secrets = false;
  for (const ValuesReference& reference : spec.values_from) {
    CO_TRY(std::optional<std::string> text, co_await read_reference(&spec, &reference));
    if (!text) continue;
    found.emplace_back();
    found.back().reference = reference;
    found.back().text = std::move(*text);
    holds_secrets = holds_secrets || reference.kind == "Secret";
  }
  Result<Value> merged = merged_chart_values(spec.values, found);
  if (!merged) {
    co_return std::unexpected(with_context(to_string(spec.origin), std::move(merged).error()));
  }
  ChartValues values;
  values.values = std::move(*merged);
  values.holds_secrets = holds_secrets;
  const bool is_news = !state->values || state->values->values != values.values ||
                       state->values->holds_secrets != values.holds_secrets;
  state->given = given;
  state->values = std::move(values);
  if (is_news) state->is_stale = true;
  co_return Result<void>();
}

Task<Result<std::optional<std::string>>> ReleaseInputs::read_reference(
    const HelmReleaseSpec* spec, const ValuesReference* reference) {
  ResourceId id = values_object(*spec, *reference);
  std::optional<Value> object;
  if (const DesiredObject* given = desired(id)) {
    CO_TRY(object, read_json(given->body, to_string(id)));
  } else {
    CO_TRY(object, co_await cluster_.get(std::move(id), "v1"));
  }
  Result<std::optional<std::string>> text =
      referenced_text(*reference, object ? &*object : nullptr);
  if (!text) {
    co_return std::unexpected(with_context(to_string(spec->origin), std::move(text).error()));
  }
  co_return text;
}

const DesiredObject* ReleaseInputs::desired(const ResourceId& id) const {
  for (const auto& [name, state] : kustomizations_) {
    const DesiredObject* found = state.rendered ? state.rendered->desired.find(id) : nullptr;
    if (found != nullptr) return found;
  }
  return nullptr;
}

const Resource* ReleaseInputs::contained(const ResourceId& id) const {
  for (const auto& [name, state] : kustomizations_) {
    if (!state.rendered) continue;
    for (const Resource& object : state.rendered->contained) {
      if (placed_release(object.id) == id) return &object;
    }
  }
  return nullptr;
}

}  // namespace primocane
