// SPDX-License-Identifier: Apache-2.0
#include "cluster/requests.hpp"

#include "base/percent_encoding.hpp"
#include "cluster/precondition.hpp"
#include "document/json.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

// Only metadata comes back, where the server can do that; all of Kubernetes's own can, aggregated
// ones need not.
constexpr std::string_view accept_metadata =
    "Accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
constexpr std::string_view accept_metadata_list =
    "Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
constexpr std::string_view accept_object = "Accept: application/json";
constexpr std::string_view accept_discovery =
    "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
// JSON is YAML; servers before 1.32 know no apply patch in JSON.
constexpr std::string_view apply_patch = "Content-Type: application/apply-patch+yaml";
constexpr std::string_view json_patch_type = "Content-Type: application/json-patch+json";

// Lists are streamed, so that their size is bounded only to end somewhere.
constexpr ByteCount list_bytes_max{512ULL * 1024 * 1024};

std::string version_path(const std::string& group, std::string_view version) {
  if (group.empty()) return fmt::format("/api/{}", percent_encoded(version));
  return fmt::format("/apis/{}/{}", percent_encoded(group), percent_encoded(version));
}

std::string collection_path(const ServedKind& kind, std::string_view version,
                            const std::string& namespace_name) {
  std::string path = version_path(kind.group_kind.group, version);
  if (!namespace_name.empty()) path += "/namespaces/" + percent_encoded(namespace_name);
  return path + "/" + percent_encoded(kind.plural);
}

Result<std::string> object_path(const ServedKind& kind, const ResourceId& id,
                                std::string_view version) {
  if (id.name.empty()) {
    return fail(ErrorKind::invalid, fmt::format("{}: an object without a name", to_string(id)));
  }
  if (kind.scope == Scope::namespaced && id.namespace_name.empty()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: objects of this kind need a namespace", to_string(id)));
  }
  if (kind.scope == Scope::cluster && !id.namespace_name.empty()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: objects of this kind have no namespace", to_string(id)));
  }
  return collection_path(kind, version, id.namespace_name) + "/" + percent_encoded(id.name);
}

// https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
void impersonate(HttpRequest& http, const std::string& user) {
  if (!user.empty()) http.headers.push_back("Impersonate-User: " + user);
}

bool is_whole(const WatchQuery& query) { return query.depth == WatchDepth::whole; }

// Of a collection; object_path() has no watch.
std::string name_selector(const std::string& name) {
  return name.empty() ? name : "&fieldSelector=metadata.name%3D" + percent_encoded(name);
}

HttpRequest read_request(std::string url, std::string_view accept) {
  HttpRequest request;
  request.url = std::move(url);
  request.headers.emplace_back(accept);
  return request;
}

}  // namespace

HttpRequest discovery_request(std::string_view path) {
  return read_request(std::string(path), accept_discovery);
}

HttpRequest resource_list_request(const ApiVersion& version) {
  return read_request(version_path(version.group, version.version), accept_object);
}

Result<HttpRequest> list_request(const ServedKind& kind, const MetadataQuery& query) {
  const std::string& version = kind.versions.at(0);
  if (!query.name.empty()) {
    const ResourceId id{query.group_kind.group, query.group_kind.kind, query.namespace_name,
                        query.name};
    return read_request(TRY(object_path(kind, id, version)), accept_metadata);
  }
  // Version 0 is whatever the server's cache holds; limits do not apply to that.
  std::string url = collection_path(kind, version, query.namespace_name) + "?resourceVersion=0";
  if (!query.label_selector.empty()) {
    url += "&labelSelector=" + percent_encoded(query.label_selector);
  }
  HttpRequest request = read_request(std::move(url), accept_metadata_list);
  request.response_max = list_bytes_max;
  return request;
}

// No object can have this name.
HttpRequest version_request(const ServedKind& kind, const WatchQuery& query) {
  const std::string path = collection_path(kind, kind.versions.at(0), query.namespace_name);
  return read_request(path + "?resourceVersion=0&fieldSelector=metadata.name%3D-",
                      accept_metadata_list);
}

// https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists; version 0 is
// whatever the server's cache holds.
HttpRequest watch_request(const ServedKind& kind, const WatchQuery& query) {
  std::string url = fmt::format("{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={}",
                                collection_path(kind, kind.versions.at(0), query.namespace_name),
                                query.lifetime.count());
  if (query.resource_version.empty()) {
    url += "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=0";
  } else {
    url += "&resourceVersion=" + percent_encoded(query.resource_version);
  }
  if (!query.label_selector.empty()) {
    url += "&labelSelector=" + percent_encoded(query.label_selector);
  }
  url += name_selector(query.name);
  return read_request(std::move(url), is_whole(query) ? accept_object : accept_metadata);
}

Result<HttpRequest> watched_list_request(const ServedKind& kind, const WatchQuery& query) {
  const MetadataQuery listed{.group_kind = query.group_kind,
                             .namespace_name = query.namespace_name,
                             .label_selector = query.label_selector,
                             .name = {}};
  HttpRequest request = TRY(list_request(kind, listed));
  request.url += name_selector(query.name);
  if (is_whole(query)) request.headers = read_request({}, accept_object).headers;
  return request;
}

Result<HttpRequest> get_request(const ServedKind& kind, const ResourceId& id,
                                std::string_view version) {
  return read_request(TRY(object_path(kind, id, version)), accept_object);
}

bool is_compared(const ApplyRequest& request) {
  return request.dry_run == DryRun::no && request.body.size() <= compared_bytes_max;
}

Result<HttpRequest> apply_request(const ServedKind& kind, ApplyRequest request) {
  const bool is_dry_run = request.dry_run == DryRun::yes;
  HttpRequest http;
  http.method = "PATCH";
  http.url = fmt::format("{}?fieldManager={}&force=true{}",
                         TRY(object_path(kind, request.id, request.version)), field_manager,
                         is_dry_run ? "&dryRun=All" : "");
  http.headers.emplace_back(apply_patch);
  const bool wants_object = is_dry_run || is_compared(request);
  http.headers.emplace_back(wants_object ? accept_object : accept_metadata);
  impersonate(http, request.user);
  // Sent as it is: kube-apiserver takes no Content-Encoding (tried on 1.35, which reads the gzip
  // bytes as YAML).
  http.body =
      TRY(with_precondition(std::move(request.body), request.uid, request.resource_version));
  return http;
}

Result<HttpRequest> patch_request(const ServedKind& kind, const PatchRequest& request) {
  const std::string& version = request.version.empty() ? kind.versions.at(0) : request.version;
  HttpRequest http;
  http.method = "PATCH";
  http.url =
      fmt::format("{}?fieldManager={}", TRY(object_path(kind, request.id, version)), field_manager);
  http.headers.emplace_back(json_patch_type);
  http.headers.emplace_back(accept_metadata);
  impersonate(http, request.user);
  http.body = TRY(with_patch_precondition(request.body, request.uid, request.resource_version));
  return http;
}

Result<HttpRequest> delete_request(const ServedKind& kind, const DeleteRequest& request) {
  const std::string& version = request.version.empty() ? kind.versions.at(0) : request.version;
  HttpRequest http;
  http.method = "DELETE";
  http.url = TRY(object_path(kind, request.id, version));
  http.headers.emplace_back("Content-Type: application/json");
  http.headers.emplace_back(accept_metadata);
  impersonate(http, request.user);
  Object preconditions;
  if (!request.uid.empty()) preconditions.append("uid", Value(request.uid));
  if (!request.resource_version.empty()) {
    preconditions.append("resourceVersion", Value(request.resource_version));
  }
  http.body = write_json(Object{{"apiVersion", Value("v1")},
                                {"kind", Value("DeleteOptions")},
                                {"propagationPolicy", Value("Background")},
                                {"preconditions", Value(std::move(preconditions))}});
  return http;
}

}  // namespace primocane
