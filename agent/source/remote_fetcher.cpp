// SPDX-License-Identifier: Apache-2.0
#include "source/remote_fetcher.hpp"

#include "base/letter_case.hpp"
#include "base/work_folder.hpp"
#include "http/url_origin.hpp"
#include "source/commit_bundle.hpp"
#include "source/pack_work.hpp"
#include "source/ref_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

constexpr int file_redirects_max = 10;  // as Go's client, which kustomize uses

// The host of a URL with what stands around it: "name:password@host:443".
std::string_view authority_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool has_credentials(std::string_view url) {
  return authority_of(url).find('@') != std::string_view::npos;
}

// "https://name@host/": some hosts show their URLs so. The name is not sent, since it may be a
// token. With a password it is left to be refused.
std::string without_name(std::string url) {
  if (in_lower_case(url.substr(0, 4)) != "http") return url;
  const std::string_view authority = authority_of(url);
  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos || authority.substr(0, at).contains(':')) return url;
  return url.erase(url.find("://") + 3, at + 1);
}

// GitUrl speaks of the key that it is mostly read from.
Error about_url(Error error) {
  constexpr std::string_view key = "git.url ";
  if (error.message.starts_with(key)) error.message.replace(0, key.size(), "the URL ");
  return error;
}

// In git's order (gitrevisions(7)).
Result<std::vector<std::string>> refs_meant(const std::string& ref) {
  if (ref.empty() || ref == "HEAD") return std::vector<std::string>{"HEAD"};
  if (!is_branch_name(ref)) {
    return fail(ErrorKind::invalid, "its ref is no name of a branch, a tag or a commit");
  }
  std::vector<std::string> refs{"refs/" + ref, "refs/tags/" + ref, "refs/heads/" + ref};
  if (is_ref_name(ref)) refs.insert(refs.begin(), ref);
  return refs;
}

Result<std::string> redirect_target(const std::string& url, const HttpResponse& response) {
  const UrlOrigin from = TRY(origin_of(url));
  const Result<UrlOrigin> to = origin_of(response.redirect_url);
  if (!to) return fail(ErrorKind::denied, "redirects to " + to.error().message);
  if (from.scheme == "https" && to->scheme != "https") {
    return fail(ErrorKind::denied,
                fmt::format("redirects to {}, a less secure way", to_string(*to)));
  }
  return response.redirect_url;
}

NoRemoteFile no_file(const HttpResponse& response) {
  const bool may_heal = response.status >= 500 || response.status == 429;
  return {Error{may_heal ? ErrorKind::unavailable : ErrorKind::denied,
                fmt::format("the server answers with status {}", response.status)}};
}

}  // namespace

RemoteFetcher::RemoteFetcher(RemoteFetchSettings settings, EventLoop& loop,
                             ChildProcesses& children, ReadFile read_file)
    : settings_(std::move(settings)),
      loop_(loop),
      children_(children),
      read_file_(std::move(read_file)) {}

RemoteFetcher::~RemoteFetcher() = default;

Task<Result<RemoteFile>> RemoteFetcher::file(std::string url) {
  CO_CHECK(renew_client());
  url = without_name(std::move(url));
  if (has_credentials(url)) {
    co_return fail(ErrorKind::invalid, "the URL holds credentials, which is not supported");
  }
  for (int redirects = 0; redirects <= file_redirects_max; ++redirects) {
    CO_TRY(HttpResponse response, co_await get(url));
    if (response.redirect_url.empty()) {
      if (!response.is_success()) co_return RemoteFile(no_file(response));
      co_return RemoteFile(std::move(response.body));
    }
    CO_TRY(url, redirect_target(url, response));
  }
  co_return fail(ErrorKind::denied,
                 fmt::format("redirects more than {} times", file_redirects_max));
}

Task<Result<HttpResponse>> RemoteFetcher::get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.proxy = settings_.git.proxy;
  request.connect_timeout = settings_.git.connect_timeout;
  request.timeout = settings_.timeout;
  request.stall_timeout = settings_.git.stall_timeout;
  request.response_max = settings_.file_max;
  Task<Result<HttpResponse>> sending = client_->send(std::move(request));
  Result<HttpResponse> response = co_await sending;
  co_return response;
}

Result<void> RemoteFetcher::renew_client() {
  TlsSettings tls;
  if (!settings_.git.ca_file.empty())
    tls.ca_pem = TRY(read_file_(settings_.git.ca_file, Secrecy::open));
  if (client_ && tls.ca_pem == ca_pem_) return {};
  ca_pem_ = tls.ca_pem;
  client_ = std::make_unique<HttpClient>(loop_, std::move(tls), HttpVersion::http1);
  return {};
}

Task<Result<CommitId>> RemoteFetcher::commit(RemoteRepository repository) {
  if (Result<CommitId> whole = CommitId::parse(repository.ref)) co_return std::move(*whole);
  CO_TRY(std::vector<std::string> refs, refs_meant(repository.ref));
  CO_TRY(const std::unique_ptr<GitRepository> opened, open(repository, settings_.work_folder));
  auto commit = co_await opened->look_up(std::move(refs));
  co_return commit;
}

Task<Result<void>> RemoteFetcher::bundle(RemoteRepository repository, CommitId commit,
                                         std::string path) {
  CO_TRY(const WorkFolder folder, WorkFolder::make(settings_.work_folder));
  const std::string mirror = folder.path() + "/mirror.git";
  CO_TRY(const std::unique_ptr<GitRepository> opened, open(repository, mirror));
  CO_TRY(const Revision fetched, co_await opened->resolve(commit.str()));
  BundleJob job{.request = BundleCommit{.commit = fetched.commit, .file_max = settings_.file_max},
                .root = mirror,
                .files = {},
                .size_max = settings_.repository_max,
                .size_key = "render.remoteSize",
                .time_max = settings_.timeout};
  CO_CHECK(co_await write_bundle_of(&children_, std::move(job), std::move(path)));
  co_return Result<void>();
}

Result<GitSettings> RemoteFetcher::settings_for(const RemoteRepository& repository) const {
  const Result<GitUrl> url = GitUrl::parse(without_name(repository.url));
  if (!url) return std::unexpected(about_url(url.error()));
  const Result<GitUrl> own = GitUrl::parse(settings_.git.url);
  const GitAuthentication& all = settings_.git.authentication;
  GitSettings settings = settings_.git;
  settings.url = url->str();
  settings.branch = "main";  // is not followed
  settings.fetch_timeout =
      std::min(settings_.timeout, repository.timeout.value_or(settings_.timeout));
  settings.pack_max = settings_.repository_max;
  settings.file_max = settings_.file_max;
  if (url->scheme() == GitScheme::ssh) {
    if (all.ssh_known_hosts.empty()) {
      return fail(ErrorKind::denied,
                  "it is reached by SSH, which needs git.authentication.sshKnownHosts");
    }
  } else if (!own || !own->may_redirect_to(*url)) {
    settings.authentication = {};
  }
  return settings;
}

Result<std::unique_ptr<GitRepository>> RemoteFetcher::open(const RemoteRepository& repository,
                                                           const std::string& folder) const {
  GitSettings settings = TRY(settings_for(repository));
  return make_git_repository(std::move(settings),
                             MirrorFolder{.path = folder, .readers = settings_.readers}, loop_,
                             children_, read_file_);
}

}  // namespace primocane
