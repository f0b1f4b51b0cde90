// SPDX-License-Identifier: Apache-2.0
// Requests to the API server as values: URL, method, headers and body, without sending anything
// (https://kubernetes.io/docs/reference/using-api/api-concepts/).
#pragma once

#include "base/error.hpp"
#include "cluster/cluster.hpp"
#include "cluster/cluster_watch.hpp"
#include "http/http_client.hpp"

#include <string>
#include <string_view>

namespace primocane {

// URLs begin with a slash; whoever sends a request puts the server in front.

/// Which groups, versions and resources are served; `path` is "/api" or "/apis". Servers without
/// aggregated discovery answer with the list of groups (or versions) alone.
[[nodiscard]] HttpRequest discovery_request(std::string_view path);

/// The resources of one version, from servers without aggregated discovery.
[[nodiscard]] HttpRequest resource_list_request(const ApiVersion& version);

/// The functions below fail with `invalid` where namespace or name do not fit the kind.

/// Metadata of the objects that `query` asks for, in the preferred version of `kind`: a list from
/// the server's cache, or the object itself where the query has a name.
[[nodiscard]] Result<HttpRequest> list_request(const ServedKind& kind, const MetadataQuery& query);
/// A list that is empty: what it says is how far the server's cache of the kind has come.
[[nodiscard]] HttpRequest version_request(const ServedKind& kind, const WatchQuery& query);
/// A watch of metadata: where `query` has no resource_version it begins with what is there.
[[nodiscard]] HttpRequest watch_request(const ServedKind& kind, const WatchQuery& query);
/// A list of what such a watch would begin with.
[[nodiscard]] Result<HttpRequest> watched_list_request(const ServedKind& kind,
                                                       const WatchQuery& query);
[[nodiscard]] Result<HttpRequest> get_request(const ServedKind& kind, const ResourceId& id,
                                              std::string_view version);
/// Whether the whole object is asked for, to be compared with what is sent.
[[nodiscard]] bool is_compared(const ApplyRequest& request);
[[nodiscard]] Result<HttpRequest> apply_request(const ServedKind& kind, ApplyRequest request);
[[nodiscard]] Result<HttpRequest> patch_request(const ServedKind& kind,
                                                const PatchRequest& request);
[[nodiscard]] Result<HttpRequest> delete_request(const ServedKind& kind,
                                                 const DeleteRequest& request);

}  // namespace primocane
