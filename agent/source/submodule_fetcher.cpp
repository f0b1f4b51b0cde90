// SPDX-License-Identifier: Apache-2.0
#include "source/submodule_fetcher.hpp"

#include "base/durable_file.hpp"
#include "base/sha256.hpp"
#include "base/time_limit.hpp"
#include "base/unique_fd.hpp"
#include "base/work_folder.hpp"
#include "source/bundle_files.hpp"
#include "source/bundle_work.hpp"
#include "source/commit_bundle.hpp"
#include "source/git_repository.hpp"
#include "source/pack_child.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <variant>

namespace primocane {

namespace {

constexpr std::size_t shown_submodule_max = 200;
constexpr std::chrono::seconds list_time{60};

bool is_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

std::string submodule_words(const RelativePath& at, std::string_view url) {
  return fmt::format("submodule {} ({})", printable(at.str(), shown_submodule_max),
                     printable(url, shown_submodule_max));
}

// The way to a box that lists submodules: the mirror, or the folder that the bundle is in.
BoxedSpec list_box(std::string root, int file) {
  BoxedSpec spec{.work = BoxedWork::index,
                 .root = std::move(root),
                 .root_is_writable = false,
                 .limits = {},
                 .files = {}};
  if (file >= 0) spec.files.push_back(file);
  spec.limits.cpu_time = list_time;
  spec.limits.wall_time = list_time;
  return spec;
}

}  // namespace

GitAccess access_to_submodule(const GitUrl& repository, GitAccess access, const GitUrl& submodule) {
  if (repository.may_redirect_to(submodule)) return access;
  access.username.clear();
  access.password.clear();
  access.bearer_token.clear();
  access.tls.certificate_file.clear();
  access.tls.certificate_pem.clear();
  access.tls.key_file.clear();
  access.tls.key_pem.clear();
  return access;
}

Task<Result<std::vector<FetchedSubmodule>>> SubmoduleFetcher::fetch(
    std::string mirror, CommitId commit, std::vector<std::string> sparse) {
  auto done = co_await within(loop_, settings_.git.fetch_timeout,
                              fetch_now(std::move(mirror), std::move(commit), std::move(sparse)));
  if (done) co_return std::move(*done);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(settings_.git.fetch_timeout);
  co_return fail(ErrorKind::unavailable,
                 fmt::format("{}: its submodules did not come within {} s (spec.timeout)",
                             settings_.git.url, seconds.count()));
}

Task<Result<std::vector<FetchedSubmodule>>> SubmoduleFetcher::fetch_now(
    std::string mirror, CommitId commit, std::vector<std::string> sparse) {
  CO_TRY(GitUrl url, GitUrl::parse(settings_.git.url));
  std::vector<FetchedSubmodule> fetched;
  std::deque<Level> levels;
  levels.push_back(Level{.url = std::move(url)});
  for (; !levels.empty(); levels.pop_front()) {
    const Level* const level = &levels.front();
    if (level->depth == submodule_depth_max) continue;
    Result<std::vector<Submodule>> submodules = co_await list(level, mirror, commit, sparse);
    if (!submodules) {
      // A copy that is damaged is fetched anew the next time.
      std::error_code ignored;
      if (!level->bundle.empty()) std::filesystem::remove(level->bundle, ignored);
      co_return std::unexpected(std::move(submodules).error());
    }
    for (Submodule& submodule : *submodules) {
      if (fetched.size() == submodules_max) {
        co_return fail(ErrorKind::invalid,
                       fmt::format("{}: has more than {} submodules, with those in others",
                                   settings_.git.url, submodules_max));
      }
      CO_TRY(Level next, co_await fetch_one(level, std::move(submodule)));
      fetched.push_back(FetchedSubmodule{.at = next.at, .path = next.bundle});
      levels.push_back(std::move(next));
    }
    sparse.clear();
  }
  co_return fetched;
}

Task<Result<std::vector<Submodule>>> SubmoduleFetcher::list(const Level* level, std::string mirror,
                                                            CommitId commit,
                                                            std::vector<std::string> sparse) {
  ListSubmodules request{.commit = std::nullopt, .sparse = std::move(sparse)};
  UniqueFd file;
  std::string root = std::move(mirror);
  if (level->bundle.empty()) {
    request.commit = std::move(commit);
  } else {
    CO_TRY(file, open_bundle(level->bundle));
    root = settings_.folder;
  }
  BoxedSpec box = list_box(std::move(root), file.get());
  CO_TRY(const std::unique_ptr<PackChild> child,
         PackChild::start(children_, std::move(box), PackRequest(std::move(request))));
  Result<PackAnswer> answer = co_await child->finish();
  std::optional<Error> error;
  if (!answer) {
    error = answer.error();
  } else if (std::holds_alternative<Error>(*answer)) {
    error = std::get<Error>(*answer);
  }
  if (error) {
    const std::string_view own = level->at.is_root() ? settings_.git.url : level->url.str();
    const std::string words =
        level->at.is_root() ? std::string(own) : submodule_words(level->at, own);
    co_return std::unexpected(with_context(words, std::move(*error)));
  }
  auto* list = std::get_if<SubmoduleList>(&*answer);
  if (list == nullptr) {
    co_return fail(ErrorKind::invalid, "the child that reads .gitmodules answers something else");
  }
  co_return std::move(list->submodules);
}

Task<Result<SubmoduleFetcher::Level>> SubmoduleFetcher::fetch_one(const Level* parent,
                                                                  Submodule submodule) {
  CO_TRY(RelativePath at, parent->at.join(submodule.path.str()));
  Result<GitUrl> url = submodule_url(parent->url, submodule.url);
  if (!url) {
    const std::string words = fmt::format("submodule {}", printable(at.str(), shown_submodule_max));
    co_return std::unexpected(with_context(words, std::move(url).error()));
  }
  const std::string path = bundle_path(*url, submodule.commit);
  if (!is_there(path)) {
    Result<void> fetched = co_await fetch_bundle(*url, submodule.commit, path);
    if (!fetched) {
      const std::string words =
          fmt::format("{} at {}", submodule_words(at, url->str()), submodule.commit.abbreviated());
      co_return std::unexpected(with_context(words, std::move(fetched).error()));
    }
  }
  co_return Level{
      .url = std::move(*url), .at = std::move(at), .bundle = path, .depth = parent->depth + 1};
}

Task<Result<void>> SubmoduleFetcher::fetch_bundle(GitUrl url, CommitId commit, std::string path) {
  CO_CHECK(make_folder(settings_.folder));
  CO_TRY(const WorkFolder folder, WorkFolder::make(settings_.work_folder));
  const std::string mirror = folder.path() + "/mirror.git";
  GitSettings git = settings_.git;
  GitAccess access = settings_.access;
  CO_TRY(const GitUrl own, GitUrl::parse(git.url));
  access = access_to_submodule(own, std::move(access), url);
  if (!own.may_redirect_to(url)) {
    git.credential_names.all =
        "its host: what spec.secretRef holds is sent to the repository's own host alone, and a "
        "submodule elsewhere has to be public";
  }
  git.url = url.str();
  git.branch = "main";  // is not followed
  git.reference = {};
  MirrorFolder place{.path = mirror, .readers = settings_.readers};
  CO_TRY(const std::unique_ptr<GitRepository> repository,
         make_git_repository(std::move(git), std::move(access), std::move(place),
                             settings_.key_folder, loop_, children_));
  CO_TRY(const Revision revision, co_await repository->resolve(commit.str()));
  BundleJob job{
      .request = BundleCommit{.commit = revision.commit, .file_max = settings_.git.file_max},
      .root = mirror,
      .files = {},
      .size_max = settings_.git.pack_max,
      .size_key = "git.limits.packSize",
      .time_max = settings_.git.fetch_timeout};
  CO_CHECK(co_await write_bundle_of(&children_, std::move(job), std::move(path)));
  co_return Result<void>();
}

void SubmoduleFetcher::keep_only(const std::vector<FetchedSubmodule>& submodules) const {
  std::set<std::string> kept;
  for (const FetchedSubmodule& submodule : submodules) kept.insert(submodule.path);
  remove_bundles_but(settings_.folder, kept);
}

std::string SubmoduleFetcher::bundle_path(const GitUrl& url, const CommitId& commit) const {
  const std::string name = to_hex(sha256(fmt::format("{} {}", url.str(), commit.str())));
  return fmt::format("{}/{}{}", settings_.folder, name, bundle_suffix);
}

}  // namespace primocane
