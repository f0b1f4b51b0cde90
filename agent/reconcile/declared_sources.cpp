// SPDX-License-Identifier: Apache-2.0
#include "reconcile/declared_sources.hpp"

#include "reconcile/registry_secrets.hpp"
#include "resource/desired.hpp"
#include "source/oci_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

class OpenOciRepository final : public OpenSource {
 public:
  OpenOciRepository(OciSourceSettings settings, EventLoop& loop, ChildProcesses& children)
      : source_(std::move(settings), loop, children) {}

  Task<Result<SourceContent>> update() override {
    CO_TRY(OciArtifact artifact, co_await source_.update());
    SourceContent content;
    content.revision = to_string(artifact.revision);
    content.kind = RenderSource::bundle;
    content.root = std::move(artifact.path);
    co_return content;
  }

 private:
  OciSource source_;
};

}  // namespace

Task<Result<std::unique_ptr<OpenSource>>> DeclaredSources::open(Resource object, Cluster& cluster) {
  if (object.id.kind != "OCIRepository") {
    co_return fail(ErrorKind::invalid,
                   fmt::format("{}: no GitRepository but the configured one is served yet",
                               to_string(object.origin)));
  }
  CO_TRY(const OciRepositorySpec spec, OciRepositorySpec::read(object));
  if (spec.ignore) {
    co_return fail(ErrorKind::invalid, fmt::format("{}: {}: spec.ignore is not served yet",
                                                   to_string(object.origin), to_string(object.id)));
  }
  CO_TRY(
      const RegistrySecrets secrets,
      co_await read_registry_secrets(cluster, secret_names_in(spec), settings_.system_authorities));
  CO_TRY(OciSourceSettings settings, oci_source_settings(spec, secrets, folder_of(object.id)));
  std::unique_ptr<OpenSource> open =
      std::make_unique<OpenOciRepository>(std::move(settings), loop_, children_);
  co_return open;
}

// By a hash, because no name of a file is as long as a namespace and a name.
std::string DeclaredSources::folder_of(const ResourceId& id) const {
  return fmt::format("{}/{}", settings_.folder, to_string(fingerprint(to_string(id))));
}

void DeclaredSources::keep_only(const std::set<ResourceId>& sources) {
  if (sources == kept_) return;
  kept_ = sources;
  std::set<std::string> folders;
  for (const ResourceId& id : sources) folders.insert(folder_of(id));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(settings_.folder, error)) {
    std::error_code ignored;  // what stays is tried again when the agent starts
    if (!folders.contains(entry.path().string()))
      std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace primocane
