// SPDX-License-Identifier: Apache-2.0
#include "reconcile/declared_repositories.hpp"

#include "base/durable_file.hpp"
#include "reconcile/source_secret.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace primocane {

namespace {

class OpenGitRepository final : public OpenSource {
 public:
  OpenGitRepository(GitRepository* repository, TreeShape shape, ComposedFolder composed)
      : repository_(*repository), shape_(std::move(shape)), composed_(std::move(composed)) {}

  // A mirror that can't be read is fetched anew by update(), which tells of it.
  std::optional<SourceContent> on_disk() override {
    const Result<std::optional<Revision>> revision = repository_.on_disk();
    if (!revision || !*revision) return std::nullopt;
    return content(**revision);
  }

  // Flux takes whatever the ref leads to, also where it was moved back.
  Task<Result<SourceContent>> update(std::vector<SourceContent> /*included*/) override {
    CO_TRY(const Revision revision, co_await repository_.update(std::nullopt, Rewrite::accept));
    composed_.clear();
    co_return content(revision);
  }

 private:
  [[nodiscard]] SourceContent content(const Revision& revision) const {
    return {.revision = to_string(revision),
            .kind = RenderSource::commit,
            .commit = revision.commit,
            .root = repository_.mirror_path(),
            .shape = shape_};
  }

  GitRepository& repository_;
  TreeShape shape_;
  ComposedFolder composed_;  // of a declaration before this one
};

}  // namespace

Result<void> check_served_configured(const GitRepositorySpec& spec,
                                     const ConfiguredRepository& configured) {
  if (spec.verification && !configured.is_verified) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: spec.verify is not read from the configured repository, which "
                            "can't vouch for itself: name the keys in git.verify.keys",
                            to_string(spec.origin)));
  }
  std::string_view field;
  if (!spec.includes.empty()) field = "include";
  if (spec.recurses_submodules) field = "recurseSubmodules";
  if (field.empty()) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: spec.{} is not served for the configured repository",
                          to_string(spec.origin), field));
}

TreeShape shape_of(const GitRepositorySpec& spec) {
  return {.sparse = spec.sparse_checkout,
          .ignore = spec.ignore.value_or(std::string()),
          .defaults = IgnoreDefaults::yes};
}

Task<Result<std::unique_ptr<OpenSource>>> DeclaredRepositories::open(Resource object,
                                                                     std::string folder,
                                                                     Cluster& cluster) {
  CO_TRY(const GitRepositorySpec spec, GitRepositorySpec::read(object));
  CO_TRY(const GitSecrets secrets, co_await read_secrets(spec, cluster));
  Result<GitSource> source = git_source_of(spec, secrets, settings_.limits);
  if (!source) {
    co_return std::unexpected(with_context(to_string(spec.origin), std::move(source).error()));
  }
  CO_TRY(GitRepository* const found, repository(object.id, *source, folder));
  std::unique_ptr<OpenSource> open;
  if (is_composed(spec)) {
    CompositionSettings composition = composition_of(spec, std::move(*source), std::move(folder));
    open = std::make_unique<ComposedRepository>(std::move(composition), *found, loop_, children_);
  } else {
    open = std::make_unique<OpenGitRepository>(found, shape_of(spec),
                                               ComposedFolder(std::move(folder)));
  }
  co_return open;
}

void DeclaredRepositories::keep_only(const std::set<ResourceId>& sources) {
  std::erase_if(known_, [&](const auto& entry) { return !sources.contains(entry.first); });
}

Task<Result<GitSecrets>> DeclaredRepositories::read_secrets(const GitRepositorySpec& spec,
                                                            Cluster& cluster) const {
  const std::string& place = spec.name.namespace_name;
  GitSecrets secrets;
  secrets.system_authorities = settings_.system_authorities;
  if (!spec.secret.empty()) {
    CO_TRY(secrets.login,
           co_await read_source_secret(cluster, "spec.secretRef", place, spec.secret));
  }
  if (!spec.proxy_secret.empty()) {
    CO_TRY(secrets.proxy,
           co_await read_source_secret(cluster, "spec.proxySecretRef", place, spec.proxy_secret));
  }
  if (spec.verification) {
    CO_TRY(secrets.keys, co_await read_source_secret(cluster, "spec.verify.secretRef", place,
                                                     spec.verification->secret));
  }
  co_return secrets;
}

CompositionSettings DeclaredRepositories::composition_of(const GitRepositorySpec& spec,
                                                         GitSource source,
                                                         std::string folder) const {
  return {.source = std::move(source),
          .includes = spec.includes,
          .recurses_submodules = spec.recurses_submodules,
          .shape = shape_of(spec),
          .readers = settings_.readers,
          .key_folder = settings_.key_folder,
          .folder = std::move(folder)};
}

Result<GitRepository*> DeclaredRepositories::repository(const ResourceId& id, GitSource source,
                                                        const std::string& folder) {
  const auto known = known_.find(id);
  if (known != known_.end() && known->second.source == source) {
    return known->second.repository.get();
  }
  TRY(make_folder(folder));
  MirrorFolder mirror{.path = folder + "/mirror.git", .readers = settings_.readers};
  std::unique_ptr<GitRepository> made = TRY(make_git_repository(
      source.settings, source.access, std::move(mirror), settings_.key_folder, loop_, children_));
  if (source.verification) {
    made->require_signatures(*source.verification, settings_.key_folder);
  }
  Known fresh{.source = std::move(source), .repository = std::move(made)};
  return known_.insert_or_assign(id, std::move(fresh)).first->second.repository.get();
}

}  // namespace primocane
