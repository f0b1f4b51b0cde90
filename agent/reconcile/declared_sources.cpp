// SPDX-License-Identifier: Apache-2.0
#include "reconcile/declared_sources.hpp"

#include "base/durable_file.hpp"
#include "reconcile/registry_secrets.hpp"
#include "resource/desired.hpp"
#include "source/oci_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace primocane {

namespace {

class OpenOciRepository final : public OpenSource {
 public:
  OpenOciRepository(OciSourceSettings settings, std::optional<TreeShape> shape, EventLoop& loop,
                    ChildProcesses& children)
      : source_(std::move(settings), loop, children), shape_(std::move(shape)) {}

  std::optional<SourceContent> on_disk() override {
    source_.forget_damaged();
    std::optional<OciArtifact> artifact = source_.on_disk();
    if (!artifact) return std::nullopt;
    return content(std::move(*artifact));
  }

  Task<Result<SourceContent>> update(std::vector<SourceContent> /*included*/) override {
    CO_TRY(OciArtifact artifact, co_await source_.update());
    co_return content(std::move(artifact));
  }

 private:
  [[nodiscard]] SourceContent content(OciArtifact artifact) const {
    SourceContent content;
    content.revision = to_string(artifact.revision);
    content.kind = RenderSource::bundle;
    content.root = std::move(artifact.path);
    content.shape = shape_;
    return content;
  }

  OciSource source_;
  std::optional<TreeShape> shape_;
};

// A layer that is copied is taken whole (source-controller, ocirepository_controller.go).
std::optional<TreeShape> shape_of_artifact(const OciRepositorySpec& spec) {
  if (spec.layer_operation == LayerOperation::copy) return std::nullopt;
  return TreeShape{
      .sparse = {}, .ignore = spec.ignore.value_or(std::string()), .defaults = IgnoreDefaults::yes};
}

}  // namespace

Task<Result<std::unique_ptr<OpenSource>>> DeclaredSources::open(Resource object, Cluster& cluster) {
  CO_CHECK(make_folder(folder_));
  std::string folder = folder_of(object.id);
  if (object.id.kind == "GitRepository") {
    auto opened = co_await repositories_.open(std::move(object), std::move(folder), cluster);
    co_return opened;
  }
  auto opened = co_await open_artifact(std::move(object), cluster);
  co_return opened;
}

Task<Result<std::unique_ptr<OpenSource>>> DeclaredSources::open_artifact(Resource object,
                                                                         Cluster& cluster) {
  CO_TRY(const OciRepositorySpec spec, OciRepositorySpec::read(object));
  CO_TRY(const RegistrySecrets secrets,
         co_await read_registry_secrets(cluster, secret_names_in(spec), system_authorities_));
  CO_TRY(OciSourceSettings settings, oci_source_settings(spec, secrets, folder_of(object.id)));
  std::unique_ptr<OpenSource> open = std::make_unique<OpenOciRepository>(
      std::move(settings), shape_of_artifact(spec), loop_, children_);
  co_return open;
}

// By a hash, because no name of a file is as long as a namespace and a name.
std::string DeclaredSources::folder_of(const ResourceId& id) const {
  return fmt::format("{}/{}", folder_, to_string(fingerprint(to_string(id))));
}

void DeclaredSources::keep_only(const std::set<ResourceId>& sources) {
  if (sources == kept_) return;
  kept_ = sources;
  repositories_.keep_only(sources);
  std::set<std::string> folders;
  for (const ResourceId& id : sources) folders.insert(folder_of(id));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    std::error_code ignored;  // what stays is tried again when the agent starts
    if (!folders.contains(entry.path().string()))
      std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace primocane
