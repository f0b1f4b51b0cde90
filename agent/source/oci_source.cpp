// SPDX-License-Identifier: Apache-2.0
#include "source/oci_source.hpp"

#include "base/durable_file.hpp"
#include "base/growing_file.hpp"
#include "base/os_error.hpp"
#include "base/time_limit.hpp"
#include "base/vanishing_file.hpp"
#include "source/artifact_child.hpp"
#include "source/version_choice.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr std::string_view default_tag = "latest";

// The bundle has some bytes for each file beside its content.
ByteCount bundle_max(const OciLimits& limits) {
  constexpr std::uint64_t allowance = 32ULL * 1024 * 1024;
  return ByteCount(limits.unpacked_max.count() + allowance);
}

ArtifactJob unpack_job(const OciSourceSettings& settings, int file) {
  const bool is_copied = settings.layer.operation == OciLayer::Operation::copy;
  ArtifactJob job;
  job.request = UnpackLayer{.symlinks = is_copied ? LayerSymlinks::refuse : LayerSymlinks::ignore,
                            .limits = {.file_max = settings.limits.file_max,
                                       .unpacked_max = settings.limits.unpacked_max}};
  job.folder = settings.folder;
  job.file = file;
  job.answer_max = bundle_max(settings.limits);
  return job;
}

TagWish wish_of(const OciSourceSettings& settings) {
  return {.range = settings.reference.semver,
          .filter = settings.reference.semver_filter,
          .media_type = settings.layer.media_type};
}

}  // namespace

OciSource::OciSource(OciSourceSettings settings, EventLoop& loop, ChildProcesses& children)
    : settings_(std::move(settings)),
      folder_(settings_.folder),
      loop_(loop),
      children_(children),
      registry_(loop, settings_.url, settings_.access) {}

std::optional<OciArtifact> OciSource::on_disk() const {
  return folder_.read(settings_.url, settings_.layer);
}

Task<Result<OciRevision>> OciSource::resolve() {
  auto done = co_await within(loop_, settings_.timeout, find_revision());
  if (!done) co_return too_slow();
  co_return std::move(*done);
}

Task<Result<OciArtifact>> OciSource::update() {
  auto done = co_await within(loop_, settings_.timeout, update_now());
  if (!done) co_return too_slow();
  co_return std::move(*done);
}

Task<Result<OciChart>> OciSource::chart() {
  auto done = co_await within(loop_, settings_.timeout, chart_now());
  if (!done) co_return too_slow();
  co_return std::move(*done);
}

Task<Result<OciRevision>> OciSource::find_revision() {
  const OciReference& reference = settings_.reference;
  if (!reference.digest.empty()) {
    Result<OciDigest> digest = OciDigest::parse(reference.digest);
    if (!digest) co_return about(with_context("spec.ref.digest", digest.error()));
    co_return OciRevision{.tag = {}, .digest = std::move(*digest)};
  }
  std::string tag = reference.tag.empty() ? std::string(default_tag) : reference.tag;
  if (!reference.semver.empty()) {
    CO_TRY(const std::vector<std::string> tags, co_await registry_.tags());
    Result<std::string> chosen = choose_tag(tags, wish_of(settings_));
    if (!chosen) co_return about(chosen.error());
    tag = std::move(*chosen);
  }
  if (!is_oci_tag(tag)) {
    co_return about(ErrorKind::invalid, "spec.ref.tag is no name of a tag");
  }
  CO_TRY(OciDigest digest, co_await registry_.look_up(tag));
  co_return OciRevision{.tag = std::move(tag), .digest = std::move(digest)};
}

Task<Result<OciArtifact>> OciSource::update_now() {
  CO_TRY(OciRevision revision, co_await find_revision());
  std::optional<OciArtifact> here = on_disk();
  if (here && here->revision == revision) co_return std::move(*here);
  if (here && here->revision.digest == revision.digest) {
    // Another tag of the same content.
    here->revision = std::move(revision);
    CO_CHECK(folder_.write(settings_.url, settings_.layer, *here));
    co_return std::move(*here);
  }
  auto fetched = co_await fetch(std::move(revision));
  co_return fetched;
}

Task<Result<OciArtifact>> OciSource::fetch(OciRevision revision) {
  CO_TRY(OciManifest manifest, co_await registry_.manifest(revision.digest));
  const Result<OciDescriptor> layer = select_layer(manifest, settings_.layer.media_type);
  if (!layer) co_return about(layer.error());
  if (layer->size > settings_.limits.layer_max) {
    const std::string message =
        fmt::format("its layer has {}: at most {} are fetched", to_string(layer->size),
                    to_string(settings_.limits.layer_max));
    co_return about(ErrorKind::invalid, message);
  }
  CO_CHECK(make_folder(settings_.folder));
  OciArtifact artifact{.revision = std::move(revision), .path = {}, .annotations = {}};
  artifact.path = folder_.bundle_path(artifact.revision.digest);
  artifact.annotations = std::move(manifest.annotations);
  const OciDescriptor* const descriptor = &*layer;
  CO_CHECK(co_await unpack(descriptor, artifact.path));
  CO_CHECK(folder_.write(settings_.url, settings_.layer, artifact));
  co_return artifact;
}

// The layer lies in a file without a name until the child has read it: it can't be given to the
// child while it arrives, because only its end shows that it is what was asked for.
Task<Result<void>> OciSource::unpack(const OciDescriptor* layer, std::string path) {
  CO_TRY(VanishingFile received, VanishingFile::make(settings_.folder));
  BodySink receive = [&received](std::string_view piece) { return received.add(piece); };
  CO_CHECK(co_await registry_.blob(*layer, std::move(receive)));
  CO_TRY(GrowingFile bundle, GrowingFile::make(std::move(path)));
  AnswerSink write = [&bundle](std::string_view piece) { return bundle.add(piece); };
  ArtifactJob job = unpack_job(settings_, received.reader());
  const Result<void> unpacked =
      co_await run_artifact_job(&children_, std::move(job), std::move(write));
  if (!unpacked) co_return about(with_context("its layer", unpacked.error()));
  CO_CHECK(bundle.finish());
  co_return Result<void>();
}

Task<Result<OciChart>> OciSource::chart_now() {
  CO_TRY(OciRevision revision, co_await find_revision());
  if (chart_ && chart_->revision.digest == revision.digest) {
    chart_->revision = std::move(revision);
    co_return *chart_;
  }
  CO_TRY(const OciManifest manifest, co_await registry_.manifest(revision.digest));
  if (!manifest.config || manifest.config->media_type != chart_config_type) {
    co_return about(ErrorKind::invalid, "is no chart: push one with `helm push`");
  }
  CO_TRY(const std::string text, co_await registry_.small_blob(*manifest.config));
  Result<OciChartConfig> config = read_chart_config(text);
  if (!config) co_return about(config.error());
  chart_ = OciChart{.revision = std::move(revision),
                    .name = std::move(config->name),
                    .version = std::move(config->version),
                    .app_version = std::move(config->app_version)};
  co_return *chart_;
}

Result<UniqueFd> OciSource::open(const OciArtifact& artifact) const {
  UniqueFd file(::open(artifact.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.is_open()) return file;
  return fail(ErrorKind::unavailable,
              fmt::format("can't read {}: {}", artifact.path, describe_errno(errno)));
}

std::unexpected<Error> OciSource::about(ErrorKind kind, std::string message) const {
  return about(Error{kind, std::move(message)});
}

std::unexpected<Error> OciSource::about(Error error) const {
  return std::unexpected(with_context(settings_.url.str(), std::move(error)));
}

std::unexpected<Error> OciSource::too_slow() const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings_.timeout);
  return about(ErrorKind::unavailable,
               fmt::format("not done within {} s (spec.timeout)", seconds.count()));
}

TlsSettings with_system_authorities(TlsSettings tls, const std::string& bundle) {
  if (!tls.ca_pem.empty()) tls.ca_pem += "\n" + bundle;
  return tls;
}

}  // namespace primocane
