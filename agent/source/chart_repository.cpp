// SPDX-License-Identifier: Apache-2.0
#include "source/chart_repository.hpp"

#include "base/time_limit.hpp"
#include "http/url_origin.hpp"
#include "source/artifact_child.hpp"
#include "source/version_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace primocane {

namespace {

constexpr int index_redirects_max = 10;  // as Go's client
constexpr int not_modified = 304;
constexpr ByteCount entries_answer_max{32UL * 1024 * 1024};

std::vector<std::string> charts_of(const std::vector<ChartWish>& wishes) {
  std::vector<std::string> charts;
  charts.reserve(wishes.size());
  for (const ChartWish& wish : wishes) charts.push_back(wish.chart);
  return charts;
}

ArtifactJob entries_job(const ChartIndexExtract& extract, const std::string& chart,
                        const std::string& folder) {
  ArtifactJob job;
  job.request = ReadChartEntries{.form = extract.form, .chart = chart};
  job.text = extract.charts.at(chart);
  job.folder = folder;
  job.answer_max = entries_answer_max;
  return job;
}

Result<std::string> chart_of_oci(const OciUrl& url, const ChartWish& wish,
                                 const std::vector<std::string>& tags) {
  Result<std::string> version = choose_chart_tag(tags, wish.range);
  if (version) return version;
  return std::unexpected(with_context(url.str(), version.error()));
}

}  // namespace

ChartRepository::ChartRepository(ChartRepositorySettings settings, EventLoop& loop,
                                 ChildProcesses& children)
    : settings_(std::move(settings)),
      loop_(loop),
      children_(children),
      client_(std::make_unique<HttpClient>(loop, settings_.tls, HttpVersion::http1)) {}

ChartRepository::~ChartRepository() = default;

Task<Result<ChartVersions>> ChartRepository::resolve(std::vector<ChartWish> wishes) {
  auto done = co_await within(loop_, settings_.timeout, resolve_now(std::move(wishes)));
  if (!done) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(settings_.timeout);
    co_return about(ErrorKind::unavailable,
                    fmt::format("not done within {} s (spec.timeout)", seconds.count()));
  }
  co_return std::move(*done);
}

Task<Result<ChartVersions>> ChartRepository::resolve_now(std::vector<ChartWish> wishes) {
  ChartIndexFilter filter(charts_of(wishes));
  const bool may_be_known = !etag_.empty() && wishes == wishes_;
  CO_TRY(const HttpResponse response, co_await fetch_index(&filter, may_be_known));
  if (response.status == not_modified) co_return versions_;
  Result<ChartIndexExtract> extract = filter.finish();
  if (!extract) co_return about(with_context("its index.yaml", extract.error()));
  std::map<std::string, Result<std::vector<ChartEntry>>> entries;
  for (const ChartWish& wish : wishes) {
    if (entries.contains(wish.chart)) continue;
    const ChartIndexExtract* const kept = &*extract;
    Result<std::vector<ChartEntry>> read = co_await read_entries(kept, wish.chart);
    entries.emplace(wish.chart, std::move(read));
  }
  versions_.clear();
  for (const ChartWish& wish : wishes) {
    const Result<std::vector<ChartEntry>>& of_chart = entries.at(wish.chart);
    if (of_chart) {
      versions_.push_back(choose(*of_chart, wish));
    } else {
      versions_.emplace_back(about(of_chart.error()));
    }
  }
  etag_ = response.header("ETag");
  wishes_ = std::move(wishes);
  co_return versions_;
}

Task<Result<HttpResponse>> ChartRepository::fetch_index(ChartIndexFilter* filter,
                                                        bool may_be_known) {
  std::string url = index_url();
  for (int redirects = 0; redirects <= index_redirects_max; ++redirects) {
    BodySink sink = [filter](std::string_view piece) -> Result<void> {
      Result<void> added = filter->add(piece);
      if (added) return added;
      return std::unexpected(with_context("its index.yaml", added.error()));
    };
    HttpRequest asked = request(url, may_be_known);
    Result<HttpResponse> response = co_await client_->send(std::move(asked), std::move(sink));
    if (!response) co_return about(response.error());
    if (response->redirect_url.empty()) {
      const std::optional<Error> error = refusal(*response);
      if (error) co_return about(*error);
      co_return response;
    }
    const Result<UrlOrigin> target = origin_of(response->redirect_url);
    if (!target || (url.starts_with("https:") && target->scheme != "https")) {
      co_return about(ErrorKind::denied, "redirects to what has no TLS");
    }
    url = response->redirect_url;
  }
  co_return about(ErrorKind::denied,
                  fmt::format("redirects more than {} times", index_redirects_max));
}

HttpRequest ChartRepository::request(const std::string& url, bool may_be_known) const {
  HttpRequest request;
  request.url = url;
  request.headers = {"User-Agent: primocane"};
  if (may_be_known) request.headers.push_back("If-None-Match: " + etag_);
  request.wanted_headers = {"ETag"};
  request.timeout = settings_.timeout;
  request.response_max = settings_.index_max;
  const bool is_own = origin_of(url) == origin_of(settings_.url);
  if (is_own || settings_.credentials == CredentialScope::all_hosts) {
    request.username = settings_.username;
    request.password = settings_.password;
  }
  return request;
}

Task<Result<std::vector<ChartEntry>>> ChartRepository::read_entries(
    const ChartIndexExtract* extract, std::string chart) {
  if (!extract->charts.contains(chart)) {
    co_return fail(ErrorKind::invalid, fmt::format("has no chart {}", chart));
  }
  std::string answer;
  AnswerSink take = [&answer](std::string_view piece) -> Result<void> {
    answer += piece;
    return {};
  };
  ArtifactJob job = entries_job(*extract, chart, settings_.folder);
  CO_CHECK(co_await run_artifact_job(&children_, std::move(job), std::move(take)));
  co_return read_written_entries(answer);
}

Result<ChartVersion> ChartRepository::choose(const std::vector<ChartEntry>& entries,
                                             const ChartWish& wish) const {
  const Result<ChartEntry> entry = choose_chart_entry(entries, wish.range);
  const std::string chart = fmt::format("chart {}", wish.chart);
  if (!entry) return about(with_context(chart, entry.error()));
  if (entry->url.empty()) {
    return about(ErrorKind::invalid,
                 fmt::format("{}: version {} has no URL", chart, entry->version));
  }
  Result<std::string> url = resolved_url(settings_.url, entry->url);
  if (!url) return about(with_context(chart, url.error()));
  return ChartVersion{.version = entry->version,
                      .url = std::move(*url),
                      .digest = entry->digest,
                      .app_version = entry->app_version};
}

// Helm appends to the path and keeps the query (pkg/repo, DownloadIndexFile).
std::string ChartRepository::index_url() const {
  const std::size_t query = std::min(settings_.url.find('?'), settings_.url.size());
  std::string_view path = std::string_view(settings_.url).substr(0, query);
  while (path.ends_with('/')) path.remove_suffix(1);
  return fmt::format("{}/index.yaml{}", path, std::string_view(settings_.url).substr(query));
}

std::unexpected<Error> ChartRepository::about(ErrorKind kind, std::string message) const {
  return about(Error{kind, std::move(message)});
}

std::unexpected<Error> ChartRepository::about(Error error) const {
  // Without its query, which may hold a credential.
  return std::unexpected(
      with_context(settings_.url.substr(0, settings_.url.find('?')), std::move(error)));
}

std::optional<Error> ChartRepository::refusal(const HttpResponse& response) const {
  const int status = response.status;
  if (response.is_success() || (status == not_modified && !etag_.empty())) return std::nullopt;
  if (status == 401 || status == 403) {
    return Error{ErrorKind::denied,
                 fmt::format("does not accept the login (status {}): look at the Secret of "
                             "spec.secretRef",
                             status)};
  }
  if (status == 404) {
    return Error{ErrorKind::denied, "has no index.yaml (status 404): look at spec.url"};
  }
  const bool may_heal = status == 429 || status >= 500;
  return Error{may_heal ? ErrorKind::unavailable : ErrorKind::denied,
               fmt::format("answers with status {}", status)};
}

namespace {

Task<Result<ChartVersion>> resolve_oci_chart(EventLoop* loop, const OciUrl* base,
                                             const RegistryAccess* access, const ChartWish* wish) {
  CO_TRY(const OciUrl url, base->below(wish->chart));
  ChartVersion found;
  found.url = url.str();
  found.version = wish->range;
  if (!is_one_version(wish->range)) {
    OciRegistry registry(*loop, url, *access);
    CO_TRY(const std::vector<std::string> tags, co_await registry.tags());
    CO_TRY(found.version, chart_of_oci(url, *wish, tags));
  }
  co_return found;
}

}  // namespace

Task<ChartVersions> resolve_oci_charts(EventLoop* loop, OciUrl url, RegistryAccess access,
                                       std::vector<ChartWish> wishes) {
  ChartVersions versions;
  for (const ChartWish& wish : wishes) {
    const OciUrl* const base = &url;
    const RegistryAccess* const way = &access;
    const ChartWish* const one = &wish;
    Result<ChartVersion> version = co_await resolve_oci_chart(loop, base, way, one);
    versions.push_back(std::move(version));
  }
  co_return versions;
}

}  // namespace primocane
