// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_chart.hpp"

#include "base/base64.hpp"
#include "base/quantity.hpp"
#include "base/sha256.hpp"
#include "document/json.hpp"
#include "document/yaml_writer.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Of the Secrets' names: RELEASE-helm-auth.
constexpr std::string_view infix = "-helm-";
constexpr std::array<std::string_view, 3> secret_suffixes{"auth", "registry", "values"};

bool is_in_registry(const ResolvedChart& chart) { return chart.url.starts_with("oci://"); }

class ReleaseWriter {
 public:
  ReleaseWriter(const HelmReleaseSpec& spec, const ResolvedChart& chart, const ChartValues& values,
                const HelmChartKind& kind)
      : spec_(spec), chart_(chart), values_(values), kind_(kind) {}

  Result<ReleaseObjects> run() {
    write_chart();
    write_access();
    write_values();
    write_behaviour();
    if (missing_field_) return too_old();
    TRY(add_object(helm_chart()));
    return std::move(result_);
  }

 private:
  // A field that what is deployed depends on.
  void need(std::string_view field, Value value) {
    if (!kind_.has(field) && !missing_field_) missing_field_ = field;
    fields_.set(field, std::move(value));
  }

  // Whether the field that `source` asks for could be set.
  bool set_if_known(std::string_view field, Value value) {
    if (!kind_.has(field)) return false;
    fields_.set(field, std::move(value));
    return true;
  }

  [[nodiscard]] std::unexpected<Error> too_old() const {
    return fail(ErrorKind::invalid,
                fmt::format("{}: {}: the cluster's kind HelmChart has no field {}, which this "
                            "release needs; update K3s or its helm-controller",
                            to_string(spec_.origin), to_string(spec_.id), *missing_field_));
  }

  void write_chart() {
    if (spec_.target_namespace != spec_.id.namespace_name) {
      need("targetNamespace", spec_.target_namespace);
    }
    if (spec_.creates_namespace) need("createNamespace", true);
    if (is_in_registry(chart_)) {
      const bool is_pinned = !chart_.version.empty();
      need("chart", is_pinned ? chart_.url : fmt::format("{}@{}", chart_.url, chart_.digest));
    } else {
      need("repo", chart_.url);
      need("chart", chart_.name);
    }
    if (!chart_.version.empty()) need("version", chart_.version);
  }

  void write_access() {
    const ChartAccess& access = chart_.access;
    if (!access.authorities.empty()) need("repoCA", access.authorities);
    if (access.passes_credentials) need("authPassCredentials", true);
    if (access.is_plain_http) need("plainHTTP", true);
    Object login;
    add_bytes(login, "username", access.username);
    add_bytes(login, "password", access.password);
    add_bytes(login, "tls.crt", access.client_certificate);
    add_bytes(login, "tls.key", access.client_key);
    if (!login.empty()) {
      const bool is_basic = login.contains("username") || login.contains("password");
      need("authSecret", write_secret("auth", is_basic ? "kubernetes.io/basic-auth" : "Opaque",
                                      std::move(login)));
    }
    if (access.docker_config.empty()) return;
    Object config;
    add_bytes(config, ".dockerconfigjson", access.docker_config);
    need("dockerRegistrySecret",
         write_secret("registry", "kubernetes.io/dockerconfigjson", std::move(config)));
  }

  void write_values() {
    const std::string text = write_yaml(values_.values);
    if (!kind_.has("valuesSecrets")) {
      // In clear text, as in the HelmRelease.
      if (values_.holds_secrets) need("valuesSecrets", Value());
      if (text != "{}\n") need("valuesContent", text);
      return;
    }
    const std::string hash = to_hex(sha256(fmt::format("{}\n{}", chart_.digest, text)));
    const std::string key = fmt::format("values-{}.yaml", std::string_view(hash).substr(0, 12));
    Object content;
    add_bytes(content, key, text);
    Value reference = write_secret("values", "Opaque", std::move(content));
    reference.as_object()->append("keys", Array{key});
    fields_.set("valuesSecrets", Array{std::move(reference)});
  }

  void write_behaviour() {
    need("failurePolicy", kind_.can_retry() ? "retry" : "abort");
    if (!set_if_known("timeout", write_duration(spec_.timeout))) ignore("timeout");
    // Not knowing how is what happens when it is turned off.
    if (spec_.takes_ownership) set_if_known("takeOwnership", true);
    std::string_view server_side;
    switch (spec_.server_side) {
      case ServerSideApply::unsaid:
        return;
      case ServerSideApply::on:
        server_side = "true";
        break;
      case ServerSideApply::off:
        server_side = "false";
        break;
      case ServerSideApply::as_before:
        server_side = "auto";
        break;
    }
    if (!set_if_known("serverSide", server_side)) ignore("serverSideApply");
    // Flux always forces conflicts, and Helm refuses to where it does not apply on the server.
    if (spec_.server_side == ServerSideApply::on) set_if_known("forceConflicts", true);
  }

  void ignore(std::string_view field) { result_.ignored.push_back(fmt::format("spec.{}", field)); }

  static void add_bytes(Object& data, std::string_view key, const std::string& bytes) {
    if (!bytes.empty()) data.set(key, to_base64(bytes));
  }

  Object metadata_of(std::string_view name) const {
    Object metadata{{"name", name}, {"namespace", spec_.id.namespace_name}};
    if (spec_.is_kept) {
      metadata.set("annotations", Object{{std::string(flux_prune_annotation), "disabled"}});
    }
    return metadata;
  }

  // What refers to the new Secret: {name: ...}.
  Value write_secret(std::string_view what, std::string_view type, Object data) {
    std::string name = fmt::format("{}{}{}", spec_.release_name, infix, what);
    Object metadata = metadata_of(name);
    secrets_.emplace_back(Object{{"apiVersion", "v1"},
                                 {"kind", "Secret"},
                                 {"metadata", std::move(metadata)},
                                 {"type", type},
                                 {"data", std::move(data)}});
    return Object{{"name", std::move(name)}};
  }

  Value helm_chart() {
    Object metadata = metadata_of(spec_.release_name);
    return Object{{"apiVersion", fmt::format("{}/{}", helm_chart_group, helm_chart_version)},
                  {"kind", "HelmChart"},
                  {"metadata", std::move(metadata)},
                  {"spec", std::move(fields_)}};
  }

  Result<void> add_object(Value chart) {
    for (Value& secret : secrets_) {
      Resource resource = TRY(Resource::make(std::move(secret), spec_.origin));
      result_.objects.push_back(std::move(resource));
    }
    Resource resource = TRY(Resource::make(std::move(chart), spec_.origin));
    result_.objects.push_back(std::move(resource));
    return {};
  }

  const HelmReleaseSpec& spec_;
  const ResolvedChart& chart_;
  const ChartValues& values_;
  const HelmChartKind& kind_;
  Object fields_;
  std::vector<Value> secrets_;
  std::optional<std::string_view> missing_field_;
  ReleaseObjects result_;
};

}  // namespace

std::optional<ResourceId> helm_chart_of_secret(const ResourceId& secret) {
  if (secret.group_kind() != GroupKind{"", "Secret"}) return std::nullopt;
  const std::string_view name = secret.name;
  const std::size_t end = name.rfind(infix);
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::string_view what = name.substr(end + infix.size());
  if (std::ranges::find(secret_suffixes, what) == secret_suffixes.end()) return std::nullopt;
  return helm_chart_id(secret.namespace_name, name.substr(0, end));
}

std::vector<ResourceId> objects_of_helm_chart(const ResourceId& chart) {
  std::vector<ResourceId> objects{chart};
  for (const std::string_view suffix : secret_suffixes) {
    objects.push_back(
        {"", "Secret", chart.namespace_name, fmt::format("{}{}{}", chart.name, infix, suffix)});
  }
  return objects;
}

Result<ReleaseObjects> release_objects(const HelmReleaseSpec& spec, const ResolvedChart& chart,
                                       const ChartValues& values, const HelmChartKind& kind) {
  return ReleaseWriter(spec, chart, values, kind).run();
}

}  // namespace primocane
