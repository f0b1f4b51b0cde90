// SPDX-License-Identifier: Apache-2.0
// ChartRepository: a HelmRepository that is asked which versions of charts are meant. Sources:
// source-controller, internal/helm/repository; Helm's pkg/repo.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "http/http_client.hpp"
#include "source/chart_entries.hpp"
#include "source/chart_index.hpp"
#include "source/oci_registry.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A chart, and the range of its versions that will do.
struct ChartWish {
  std::string chart;
  std::string range;  ///< as Helm takes it; "" and "*" for the latest that is no prerelease

  bool operator==(const ChartWish&) const = default;
};

/// The version that a wish means now.
struct ChartVersion {
  std::string version;
  std::string url;     ///< of the chart's archive; of an OCI repository without its tag
  std::string digest;  ///< of the archive, SHA-256 in hexadecimal digits; "" where it is not told
  std::string app_version;  ///< "" where it is not told

  bool operator==(const ChartVersion&) const = default;
};

/// For each wish, in their order, what it means or why it means nothing.
using ChartVersions = std::vector<Result<ChartVersion>>;

/// Whether other hosts than the repository's may be told its login (spec.passCredentials).
enum class CredentialScope : std::uint8_t { own_host, all_hosts };

struct ChartRepositorySettings {
  std::string url;  ///< http or https
  std::string username;
  std::string password;
  TlsSettings tls;
  CredentialScope credentials = CredentialScope::own_host;
  std::chrono::milliseconds timeout{60'000};
  ByteCount index_max{100ULL * 1024 * 1024};
  std::string folder;  ///< any that is there: the root of the children that read entries
};

/// A repository with an index, by HTTP. The index is read as it arrives and never kept; while it
/// stays the same by its ETag and the wishes do, it is not sent again. `loop` and `children` are
/// borrowed and outlive it. One call at a time.
class ChartRepository {
 public:
  ChartRepository(ChartRepositorySettings settings, EventLoop& loop, ChildProcesses& children);
  ChartRepository(const ChartRepository&) = delete;
  ChartRepository& operator=(const ChartRepository&) = delete;
  ~ChartRepository();

  /// What `wishes` mean now, by one request for the index. Errors name the repository:
  /// `unavailable` when it can't be reached, `denied` when it wants another login or has no index,
  /// `invalid` for what is none.
  Task<Result<ChartVersions>> resolve(std::vector<ChartWish> wishes);

 private:
  Task<Result<ChartVersions>> resolve_now(std::vector<ChartWish> wishes);
  Task<Result<HttpResponse>> fetch_index(ChartIndexFilter* filter, bool may_be_known);
  Task<Result<std::vector<ChartEntry>>> read_entries(const ChartIndexExtract* extract,
                                                     std::string chart);
  [[nodiscard]] HttpRequest request(const std::string& url, bool may_be_known) const;
  [[nodiscard]] Result<ChartVersion> choose(const std::vector<ChartEntry>& entries,
                                            const ChartWish& wish) const;
  [[nodiscard]] std::string index_url() const;
  [[nodiscard]] std::unexpected<Error> about(ErrorKind kind, std::string message) const;
  [[nodiscard]] std::unexpected<Error> about(Error error) const;
  [[nodiscard]] std::optional<Error> refusal(const HttpResponse& response) const;

  ChartRepositorySettings settings_;
  EventLoop& loop_;
  ChildProcesses& children_;
  std::unique_ptr<HttpClient> client_;
  // Of the last index that had an ETag.
  std::string etag_;
  std::vector<ChartWish> wishes_;
  ChartVersions versions_;
};

/// The same for a HelmRepository of type oci, whose charts are repositories below `url`: lists the
/// tags of each chart whose wish is no single version. One that fails does not keep the others.
Task<ChartVersions> resolve_oci_charts(EventLoop* loop, OciUrl url, RegistryAccess access,
                                       std::vector<ChartWish> wishes);

}  // namespace primocane
