// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_release_actions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 3> crd_policies{"Skip", "Create", "CreateReplace"};

// Passes over `keys`, and lists those that are there.
void ignore_fields(SpecReader& reader, std::initializer_list<std::string_view> keys,
                   std::vector<std::string>& ignored) {
  for (const std::string_view key : keys) {
    if (reader.has(key)) ignored.push_back(fmt::format("{}.{}", reader.path(), key));
    reader.pass_over(key);
  }
}

void refuse_if_set(SpecReader& reader, std::string_view key, std::string_view message) {
  if (reader.flag(key).value_or(false)) reader.wrong(key, message);
}

void refuse_without_hooks(SpecReader& reader) {
  refuse_if_set(reader, "disableHooks",
                "is not served: K3s's Helm controller always runs a chart's hooks; turn them off "
                "by the chart's values");
}

Duration longer_timeout(SpecReader& reader, Duration timeout) {
  return std::max(timeout, reader.duration("timeout").value_or(timeout));
}

void read_install(SpecReader reader, HelmReleaseSpec& spec) {
  if (!reader.is_there()) return;
  spec.timeout = longer_timeout(reader, spec.timeout);
  spec.creates_namespace = reader.flag("createNamespace").value_or(false);
  spec.takes_ownership = !reader.flag("disableTakeOwnership").value_or(false);
  if (const std::optional<bool> server_side = reader.flag("serverSideApply")) {
    spec.server_side = *server_side ? ServerSideApply::on : ServerSideApply::off;
  }
  refuse_without_hooks(reader);
  constexpr std::string_view skipped =
      "is not served: Helm installs the definitions in a chart's crds/ folder; turn them off by "
      "the "
      "chart's values, or leave this out";
  refuse_if_set(reader, "skipCRDs", skipped);
  const std::string policy = reader.word("crds", crd_policies);
  if (policy == "Skip") reader.wrong("crds", skipped);
  // Helm creates those that are not there.
  if (policy == "CreateReplace") spec.ignored.emplace_back("spec.install.crds");
  ignore_fields(reader,
                {"strategy", "remediation", "disableWait", "disableWaitForJobs",
                 "disableOpenAPIValidation", "disableSchemaValidation", "replace"},
                spec.ignored);
}

void read_upgrade_apply(SpecReader& reader, HelmReleaseSpec& spec) {
  constexpr std::array<std::string_view, 3> modes{"enabled", "disabled", "auto"};
  const std::string mode = reader.word("serverSideApply", modes);
  if (mode.empty()) return;
  const ServerSideApply upgrade = mode == "enabled"    ? ServerSideApply::on
                                  : mode == "disabled" ? ServerSideApply::off
                                                       : ServerSideApply::as_before;
  // There is one setting for both.
  const bool has_other = spec.server_side != ServerSideApply::unsaid && spec.server_side != upgrade;
  if (has_other) spec.ignored.emplace_back("spec.install.serverSideApply");
  spec.server_side = upgrade;
}

void read_upgrade(SpecReader reader, HelmReleaseSpec& spec) {
  if (!reader.is_there()) return;
  spec.timeout = longer_timeout(reader, spec.timeout);
  read_upgrade_apply(reader, spec);
  refuse_without_hooks(reader);
  refuse_if_set(reader, "preserveValues",
                "is not served, because what is deployed would depend on what was before: write "
                "all values into the HelmRelease");
  const std::string policy = reader.word("crds", crd_policies);
  // Helm's own way.
  if (!policy.empty() && policy != "Skip") spec.ignored.emplace_back("spec.upgrade.crds");
  ignore_fields(reader,
                {"strategy", "remediation", "disableTakeOwnership", "disableWait",
                 "disableWaitForJobs", "disableOpenAPIValidation", "disableSchemaValidation",
                 "force", "cleanupOnFail", "chartNameChangeStrategy"},
                spec.ignored);
}

void read_uninstall(SpecReader reader, HelmReleaseSpec& spec) {
  if (!reader.is_there()) return;
  refuse_without_hooks(reader);
  ignore_fields(reader, {"timeout", "keepHistory", "disableWait", "deletionPropagation"},
                spec.ignored);
}

void refuse_what_changes_objects(SpecReader& reader) {
  constexpr std::string_view message =
      "is not served, because K3s's Helm controller deploys what the chart renders: set it by the "
      "chart's values";
  const Value* renderers = reader.value("postRenderers");
  const Array* items = renderers == nullptr ? nullptr : renderers->as_array();
  if (renderers != nullptr && (items == nullptr || !items->empty())) {
    reader.wrong("postRenderers", message);
  }
  SpecReader metadata = reader.mapping("commonMetadata");
  const bool has_labels = !metadata.text_map("labels").empty();
  const bool has_annotations = !metadata.text_map("annotations").empty();
  if (has_labels || has_annotations) metadata.wrong("", message);
}

void refuse_other_rights(SpecReader& reader) {
  if (reader.has("kubeConfig")) {
    reader.wrong("kubeConfig", "is not served: the agent of that cluster reads its own repository");
  }
  reader.pass_over("kubeConfig");
  if (!reader.text("serviceAccountName").empty()) {
    reader.wrong("serviceAccountName",
                 "is not served: K3s's Helm controller works with the rights of cluster-admin, "
                 "which would lift the limit that is meant; leave it out if that may be");
  }
}

}  // namespace

void read_release_actions(SpecReader& reader, HelmReleaseSpec& spec) {
  read_install(reader.mapping("install"), spec);
  read_upgrade(reader.mapping("upgrade"), spec);
  read_uninstall(reader.mapping("uninstall"), spec);
  refuse_what_changes_objects(reader);
  refuse_other_rights(reader);
  const std::string storage = reader.text("storageNamespace");
  if (!storage.empty() && storage != spec.target_namespace) {
    spec.ignored.emplace_back("spec.storageNamespace");
  }
  ignore_fields(reader,
                {"maxHistory", "persistentClient", "driftDetection", "test", "rollback",
                 "postRenderStrategy", "waitStrategy", "healthCheckExprs"},
                spec.ignored);
}

}  // namespace primocane
