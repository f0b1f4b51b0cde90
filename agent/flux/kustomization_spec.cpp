// SPDX-License-Identifier: Apache-2.0
#include "flux/kustomization_spec.hpp"

#include "flux/spec_reader.hpp"
#include "resource/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 4> deletion_policies{"MirrorPrune", "Delete",
                                                            "WaitForTermination", "Orphan"};
constexpr std::array<std::string_view, 2> substitute_strategies{"WithVariables", "Always"};
constexpr std::array<std::string_view, 2> variable_source_kinds{"ConfigMap", "Secret"};
constexpr std::array<std::string_view, 4> source_kinds{"GitRepository", "OCIRepository", "Bucket",
                                                       "ExternalArtifact"};
constexpr std::array<std::string_view, 1> decryption_providers{"sops"};

bool is_unserved_source(std::string_view kind) {
  return kind == "Bucket" || kind == "ExternalArtifact";
}

SourceReference read_source(SpecReader reader, const KustomizationName& name) {
  if (!reader.is_there())
    reader.wrong("", "is missing: it names the GitRepository or OCIRepository");
  SourceReference source;
  reader.pass_over("apiVersion");
  source.kind = reader.word("kind", source_kinds);
  source.name = reader.required_text("name");
  source.namespace_name = reader.text("namespace");
  if (source.namespace_name.empty()) source.namespace_name = name.namespace_name;
  if (source.kind.empty()) reader.wrong("kind", "is missing");
  if (is_unserved_source(source.kind)) {
    reader.wrong("kind", fmt::format("{} is not served: keep the manifests in a GitRepository or "
                                     "an OCIRepository",
                                     source.kind));
  }
  return source;
}

// Flux joins it below the source's root whatever it begins with (securejoin).
RelativePath read_path(SpecReader& spec) {
  const std::string text = spec.text("path");
  const std::size_t begin = std::min(text.find_first_not_of('/'), text.size());
  Result<RelativePath> path = RelativePath::parse(std::string_view(text).substr(begin));
  if (path) return std::move(*path);
  spec.wrong("path", path.error().message);
  return {};
}

std::optional<ReadyCondition> read_condition(SpecReader& dependency, const std::string& text) {
  Result<ReadyCondition> condition = ReadyCondition::parse(text);
  if (condition) return std::move(*condition);
  dependency.wrong("readyExpr", condition.error().message);
  return std::nullopt;
}

std::vector<Dependency> read_dependencies(SpecReader& spec, const KustomizationName& name) {
  std::vector<Dependency> dependencies;
  for (SpecReader& item : spec.items("dependsOn")) {
    Dependency dependency;
    dependency.name.name = item.required_text("name");
    dependency.name.namespace_name = item.text("namespace");
    if (dependency.name.namespace_name.empty()) {
      dependency.name.namespace_name = name.namespace_name;
    }
    const std::string condition = item.text("readyExpr");
    if (!condition.empty()) dependency.condition = read_condition(item, condition);
    dependencies.push_back(std::move(dependency));
  }
  return dependencies;
}

void read_post_build(SpecReader reader, KustomizationSpec& spec) {
  spec.substitutes_always = reader.word("substituteStrategy", substitute_strategies) == "Always";
  spec.variables = reader.text_map("substitute");
  for (SpecReader& item : reader.items("substituteFrom")) {
    VariableSource source;
    source.kind = item.word("kind", variable_source_kinds);
    source.name = item.required_text("name");
    source.is_optional = item.flag("optional").value_or(false);
    if (!item.has("kind")) item.wrong("kind", "is missing: ConfigMap or Secret");
    spec.variable_sources.push_back(std::move(source));
  }
}

void read_decryption(SpecReader reader, KustomizationSpec& spec) {
  spec.is_decrypting = reader.is_there();
  if (!spec.is_decrypting) return;
  if (reader.word("provider", decryption_providers).empty()) {
    reader.wrong("provider", "is missing: sops");
  }
  SpecReader secret = reader.mapping("secretRef");
  if (secret.is_there()) spec.decryption_secret = secret.required_text("name");
  // For keys in a cloud, of which none is served.
  reader.pass_over("serviceAccountName");
}

std::vector<HealthCheck> read_health_checks(SpecReader& spec) {
  std::vector<HealthCheck> checks;
  for (SpecReader& item : spec.items("healthChecks")) {
    checks.push_back({.api_version = item.text("apiVersion"),
                      .kind = item.required_text("kind"),
                      .namespace_name = item.text("namespace"),
                      .name = item.required_text("name")});
  }
  return checks;
}

HealthChecks read_health_expressions(SpecReader& spec) {
  std::vector<HealthCheckExpressions> all;
  for (SpecReader& item : spec.items("healthCheckExprs")) {
    all.push_back({.api_version = item.required_text("apiVersion"),
                   .kind = item.text("kind"),
                   .in_progress = item.text("inProgress"),
                   .failed = item.text("failed"),
                   .current = item.required_text("current")});
  }
  Result<HealthChecks> checks = HealthChecks::make(all);
  if (checks) return std::move(*checks);
  spec.wrong("", checks.error().message);
  return {};
}

DeletionPolicy read_deletion_policy(SpecReader& spec) {
  const std::string word = spec.word("deletionPolicy", deletion_policies);
  if (word == "Delete") return DeletionPolicy::remove;
  if (word == "WaitForTermination") return DeletionPolicy::wait_for_termination;
  if (word == "Orphan") return DeletionPolicy::orphan;
  return DeletionPolicy::mirror_prune;
}

// kustomization_types.go: GetRetryInterval, GetTimeout.
void read_times(SpecReader& reader, KustomizationSpec& spec) {
  constexpr Duration shortest_timeout = std::chrono::seconds(30);
  const std::optional<Duration> interval = reader.duration("interval");
  if (!reader.has("interval")) reader.wrong("interval", "is missing");
  spec.interval = interval.value_or(Duration::zero());
  spec.retry_interval = reader.duration("retryInterval").value_or(spec.interval);
  const Duration usual = spec.interval - std::chrono::seconds(30);
  spec.timeout = reader.duration("timeout").value_or(usual);
  spec.timeout = std::max(spec.timeout, shortest_timeout);
}

// It becomes part of a request's header.
std::string read_service_account(SpecReader& reader) {
  std::string name = reader.text("serviceAccountName");
  if (name.empty() || is_subdomain_name(name)) return name;
  reader.wrong("serviceAccountName", "is no name of a ServiceAccount");
  return {};
}

void refuse_other_clusters(SpecReader& reader) {
  if (reader.has("kubeConfig")) {
    reader.wrong("kubeConfig", "is not served: the agent of that cluster reads its own repository");
  }
  reader.pass_over("kubeConfig");
}

BuildSettings read_build(SpecReader& reader, const KustomizationSpec& spec) {
  BuildSettings build = read_build_settings(reader);
  build.variables.insert(spec.variables.begin(), spec.variables.end());
  if (spec.substitutes_always) build.strategy = SubstituteStrategy::always;
  return build;
}

}  // namespace

std::string to_string(const SourceReference& reference) {
  return fmt::format("{}/{}/{}", reference.kind, reference.namespace_name, reference.name);
}

Result<KustomizationSpec> KustomizationSpec::read(const Resource& object) {
  SpecFault fault(object);
  KustomizationSpec spec;
  spec.name = {object.id.namespace_name, object.id.name};
  spec.origin = object.origin;
  spec.object = object.object;
  spec.drift = TRY(drift_mode_of(object)).value_or(DriftMode::correct);
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    spec.source = read_source(reader.mapping("sourceRef"), spec.name);
    spec.path = read_path(reader);
    read_times(reader, spec);
    spec.is_suspended = reader.flag("suspend").value_or(false);
    spec.is_waiting = reader.flag("wait").value_or(false);
    spec.is_forcing = reader.flag("force").value_or(false);
    spec.is_pruning = reader.flag("prune").value_or(false);
    if (!reader.has("prune")) reader.wrong("prune", "is missing: true or false");
    spec.deletion_policy = read_deletion_policy(reader);
    spec.depends_on = read_dependencies(reader, spec.name);
    read_post_build(reader.mapping("postBuild"), spec);
    read_decryption(reader.mapping("decryption"), spec);
    spec.service_account = read_service_account(reader);
    spec.health_checks = read_health_checks(reader);
    spec.health = read_health_expressions(reader);
    refuse_other_clusters(reader);
    spec.build = read_build(reader, spec);
  }
  TRY(fault.result());
  const JsonPointer place = JsonPointer().child("spec").child("postBuild").child("substitute");
  for (const auto& [name, value] : spec.variables) {
    if (is_confidential(object.confidential, place.child(name))) {
      spec.confidential_variables.insert(name);
    }
  }
  return spec;
}

bool is_for_others(const Resource& object) {
  const std::string_view source = object.object.text_at("spec", "sourceRef", "kind");
  return object.object.find("spec", "kubeConfig") != nullptr || is_unserved_source(source);
}

KustomizationPlace KustomizationPlace::of(const Resource& object) {
  SpecFault fault(object);
  SpecReader reader(object, fault);
  KustomizationPlace place;
  place.source =
      read_source(reader.mapping("sourceRef"), {object.id.namespace_name, object.id.name});
  place.path = read_path(reader);
  return place;
}

}  // namespace primocane
