// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_repository_spec.hpp"

#include "flux/registry_fields.hpp"
#include "flux/spec_reader.hpp"

#include <array>
#include <string_view>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 2> helm_repository_types{"default", "oci"};

void check_url(SpecReader& reader, const HelmRepositorySpec& spec) {
  if (spec.url.empty()) return;
  const bool is_oci = spec.url.starts_with("oci://");
  const bool is_http = spec.url.starts_with("https://") || spec.url.starts_with("http://");
  if (spec.type == HelmRepositoryType::oci && !is_oci) {
    reader.wrong("url", "does not begin with oci://, which type oci needs");
  }
  if (spec.type == HelmRepositoryType::index && is_oci) {
    reader.wrong("url", "begins with oci://, which needs type: oci");
  }
  if (!is_oci && !is_http) reader.wrong("url", "begins with neither https://, http:// nor oci://");
  // They would be in every message about it.
  const std::size_t host = spec.url.find("://") + 3;
  if (spec.url.substr(host, spec.url.find('/', host) - host).contains('@')) {
    reader.wrong("url", "holds credentials, which belong in the Secret of secretRef");
  }
}

}  // namespace

Result<HelmRepositorySpec> HelmRepositorySpec::read(const Resource& object) {
  SpecFault fault(object);
  HelmRepositorySpec spec;
  spec.name = {object.id.kind, object.id.namespace_name, object.id.name};
  spec.origin = object.origin;
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    const bool is_oci = reader.word("type", helm_repository_types) == "oci";
    spec.type = is_oci ? HelmRepositoryType::oci : HelmRepositoryType::index;
    spec.url = reader.required_text("url");
    check_url(reader, spec);
    // With an index Flux does not look at them.
    if (is_oci) {
      refuse_cloud_provider(reader);
    } else {
      reader.pass_over("provider");
    }
    spec.is_insecure = reader.flag("insecure").value_or(false) && is_oci;
    spec.secret = named_secret(reader, "secretRef");
    spec.cert_secret = named_secret(reader, "certSecretRef");
    spec.passes_credentials = reader.flag("passCredentials").value_or(false);
    spec.interval = reader.duration("interval").value_or(spec.interval);
    spec.timeout = reader.duration("timeout").value_or(spec.timeout);
    spec.is_suspended = reader.flag("suspend").value_or(false);
    // Flux has never heeded it.
    reader.pass_over("accessFrom");
  }
  TRY(fault.result());
  return spec;
}

}  // namespace primocane
