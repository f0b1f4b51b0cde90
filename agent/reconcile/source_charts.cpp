// SPDX-License-Identifier: Apache-2.0
#include "reconcile/source_charts.hpp"

#include "flux/oci_repository_spec.hpp"
#include "reconcile/chart_access.hpp"
#include "reconcile/registry_secrets.hpp"
#include "source/oci_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t wishes_max = 256;        // of one repository
constexpr std::size_t repositories_max = 256;  // whose index is remembered

std::vector<ChartWish> one_wish(const ChartRequest& chart) {
  std::vector<ChartWish> wishes(1);
  wishes.front().chart = chart.name;
  wishes.front().range = chart.version;
  return wishes;
}

template <typename T>
Result<T> about_source(const SourceReference& name, Result<T> result) {
  if (result) return result;
  return std::unexpected(with_context(to_string(name), std::move(result).error()));
}

// Of all that a repository with an index is opened with.
Fingerprint print_of(const ChartRepositorySettings& settings) {
  return fingerprint(fmt::format(
      "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", settings.url, settings.username, settings.password,
      settings.tls.ca_pem, settings.tls.certificate_pem, settings.tls.key_pem,
      settings.credentials == CredentialScope::all_hosts, settings.timeout.count()));
}

}  // namespace

Task<Result<ResolvedChart>> SourceCharts::find(ChartQuestion question, Cluster& cluster) {
  Task<Result<ResolvedChart>> finding =
      question.chart
          ? find_in_repository(std::move(question.source), std::move(*question.chart), cluster)
          : find_in_registry(std::move(question.source), cluster);
  Result<ResolvedChart> found = co_await finding;
  co_return found;
}

Task<Result<ResolvedChart>> SourceCharts::find_in_registry(Resource source, Cluster& cluster) {
  CO_TRY(const OciRepositorySpec spec, OciRepositorySpec::read(source));
  if (!spec.proxy_secret.empty()) {
    co_return fail(
        ErrorKind::invalid,
        fmt::format("{}: {}: spec.proxySecretRef is not served for a chart: the Job that "
                    "downloads it can't be told",
                    to_string(spec.origin), to_string(spec.name)));
  }
  Result<RegistrySecrets> read =
      co_await read_registry_secrets(cluster, secret_names_in(spec), std::string());
  CO_TRY(const RegistrySecrets secrets, about_source(spec.name, std::move(read)));
  CO_TRY(OciSourceSettings settings,
         about_source(spec.name, oci_source_settings(spec, secrets, settings_.folder)));
  // Helm trusts what it is told; we trust the system's authorities as well.
  ResolvedChart chart;
  chart.url = settings.url.str();
  chart.access = chart_access_of(settings.access, settings.url.registry());
  settings.access.tls =
      with_system_authorities(std::move(settings.access.tls), settings_.system_authorities);
  OciSource registry(std::move(settings), loop_, children_);
  CO_TRY(const OciChart found, co_await registry.chart());
  chart.version = version_for_helm(found.version, found.revision.tag);
  chart.digest = found.revision.digest.str();
  co_return chart;
}

Task<Result<ResolvedChart>> SourceCharts::find_in_repository(Resource source, ChartRequest chart,
                                                             Cluster& cluster) {
  CO_TRY(const HelmRepositorySpec spec, HelmRepositorySpec::read(source));
  Result<RegistrySecrets> read =
      co_await read_registry_secrets(cluster, secret_names_in(spec), std::string());
  CO_TRY(const RegistrySecrets secrets, about_source(spec.name, std::move(read)));
  if (spec.type == HelmRepositoryType::oci) {
    CO_TRY(OciChartsPlace place, about_source(spec.name, oci_charts_place(spec, secrets)));
    Result<ResolvedChart> found = co_await find_below_registry(std::move(place), std::move(chart));
    co_return found;
  }
  CO_TRY(ChartRepositorySettings settings,
         about_source(spec.name, chart_repository_settings(spec, secrets, settings_.folder)));
  Result<ResolvedChart> found =
      co_await find_by_index(spec.name, std::move(settings), std::move(chart));
  co_return found;
}

Task<Result<ResolvedChart>> SourceCharts::find_below_registry(OciChartsPlace place,
                                                              ChartRequest chart) {
  ResolvedChart resolved;
  resolved.access = chart_access_of(place.access, place.url.registry());
  place.access.tls =
      with_system_authorities(std::move(place.access.tls), settings_.system_authorities);
  ChartVersions versions = co_await resolve_oci_charts(&loop_, std::move(place.url),
                                                       std::move(place.access), one_wish(chart));
  CO_TRY(ChartVersion version, std::move(versions.front()));
  resolved.url = std::move(version.url);
  resolved.version = std::move(version.version);
  resolved.digest = std::move(version.digest);
  co_return resolved;
}

Task<Result<ResolvedChart>> SourceCharts::find_by_index(SourceReference name,
                                                        ChartRepositorySettings settings,
                                                        ChartRequest chart) {
  ResolvedChart resolved;
  resolved.name = chart.name;
  resolved.url = settings.url;
  resolved.access = chart_access_of(settings);
  settings.tls = with_system_authorities(std::move(settings.tls), settings_.system_authorities);
  Index* index = index_of(name, std::move(settings));
  const std::size_t at = add_wish(*index, std::move(one_wish(chart).front()));
  CO_TRY(ChartVersions versions, co_await index->repository->resolve(index->wishes));
  CO_TRY(ChartVersion version, std::move(versions.at(at)));
  resolved.version = std::move(version.version);
  resolved.digest = std::move(version.digest);
  co_return resolved;
}

SourceCharts::Index* SourceCharts::index_of(const SourceReference& name,
                                            ChartRepositorySettings settings) {
  if (!indexes_.contains(name) && indexes_.size() >= repositories_max) indexes_.clear();
  Index& index = indexes_[name];
  const Fingerprint print = print_of(settings);
  if (index.repository && index.settings == print) return &index;
  index.settings = print;
  index.repository = std::make_unique<ChartRepository>(std::move(settings), loop_, children_);
  return &index;
}

std::size_t SourceCharts::add_wish(Index& index, ChartWish wish) {
  const auto known = std::ranges::find(index.wishes, wish);
  if (known != index.wishes.end()) return static_cast<std::size_t>(known - index.wishes.begin());
  if (index.wishes.size() >= wishes_max) index.wishes.clear();
  index.wishes.push_back(std::move(wish));
  return index.wishes.size() - 1;
}

}  // namespace primocane
