// SPDX-License-Identifier: Apache-2.0
#include "flux/oci_repository_spec.hpp"

#include "flux/registry_fields.hpp"
#include "flux/spec_reader.hpp"

#include <array>
#include <string_view>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 2> layer_operations{"extract", "copy"};

void read_reference(SpecReader reader, OciRepositorySpec& spec) {
  spec.tag = reader.text("tag");
  spec.semver = reader.text("semver");
  spec.semver_filter = reader.text("semverFilter");
  spec.digest = reader.text("digest");
}

void read_layer(SpecReader reader, OciRepositorySpec& spec) {
  spec.layer_media_type = reader.text("mediaType");
  const bool is_copied = reader.word("operation", layer_operations) == "copy";
  spec.layer_operation = is_copied ? LayerOperation::copy : LayerOperation::extract;
}

void refuse_verification(SpecReader& reader) {
  if (reader.has("verify")) {
    reader.wrong("verify",
                 "is not supported: signatures of cosign and notation are not checked; pin the "
                 "artifact by spec.ref.digest instead, and remove it");
  }
  reader.pass_over("verify");
}

}  // namespace

Result<OciRepositorySpec> OciRepositorySpec::read(const Resource& object) {
  SpecFault fault(object);
  OciRepositorySpec spec;
  spec.name = {object.id.kind, object.id.namespace_name, object.id.name};
  spec.origin = object.origin;
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    spec.url = reader.required_text("url");
    if (!spec.url.empty() && !spec.url.starts_with("oci://")) {
      reader.wrong("url", "does not begin with oci://");
    }
    read_reference(reader.mapping("ref"), spec);
    read_layer(reader.mapping("layerSelector"), spec);
    refuse_cloud_provider(reader);
    refuse_verification(reader);
    spec.secret = named_secret(reader, "secretRef");
    spec.cert_secret = named_secret(reader, "certSecretRef");
    spec.proxy_secret = named_secret(reader, "proxySecretRef");
    spec.service_account = reader.text("serviceAccountName");
    if (!reader.has("interval")) reader.wrong("interval", "is missing");
    spec.interval = reader.duration("interval").value_or(spec.interval);
    spec.timeout = reader.duration("timeout").value_or(spec.timeout);
    // An empty text leaves the default patterns in force (fluxcd/pkg sourceignore).
    if (reader.has("ignore")) spec.ignore = reader.text("ignore");
    spec.is_insecure = reader.flag("insecure").value_or(false);
    spec.is_suspended = reader.flag("suspend").value_or(false);
  }
  TRY(fault.result());
  return spec;
}

}  // namespace primocane
