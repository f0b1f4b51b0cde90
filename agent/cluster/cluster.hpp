// SPDX-License-Identifier: Apache-2.0
// Cluster: the Kubernetes API server as the pass sees it. KubeApi implements it over HTTP; tests
// have FakeCluster, which keeps the same contract (tests/contract).
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "document/value.hpp"
#include "resource/confidential_fields.hpp"
#include "resource/live_object.hpp"
#include "resource/resource_id.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

enum class Scope : std::uint8_t { cluster, namespaced };

/// A kind that the server serves.
struct ServedKind {
  GroupKind group_kind;
  std::vector<std::string> versions;  ///< served, the server's preferred one first
  std::string plural;                 ///< resource name in URLs
  Scope scope = Scope::namespaced;
  bool can_list = true;  ///< supports list (some kinds are create-only)

  bool operator==(const ServedKind&) const = default;
};

enum class Discovery : std::uint8_t {
  cached,  ///< what is known; asks the server only the first time
  fresh,   ///< asks the server again
};

/// What to list: all objects of a kind, those in a namespace, or one, as metadata.
struct MetadataQuery {
  GroupKind group_kind;
  std::string namespace_name;  ///< "" for all
  std::string label_selector;  ///< "" for all
  std::string name;            ///< "" for all
};

enum class DryRun : std::uint8_t { no, yes };

/// A server-side apply by field manager primocane with force. `body` is JSON; identity and version
/// are given besides because they make the URL.
struct ApplyRequest {
  ResourceId id;
  std::string version;
  std::string body;
  std::string uid;               ///< the object must be this one; "" where it may be new
  std::string resource_version;  ///< precondition, or ""
  DryRun dry_run = DryRun::no;
  std::string user{};  ///< whose rights it has instead of ours, "" for ours
  /// Of which no error repeats a value; those of Secrets are known.
  ConfidentialFields confidential{};
  bool wants_fields = false;  ///< Applied::fields is asked for
};

/// The answers to larger applies are asked for in metadata only: values of a megabyte would be sent
/// back and kept for a moment.
inline constexpr std::size_t compared_bytes_max = 64UL * 1024;

/// What an apply answered.
struct Applied {
  LiveObject live;
  bool was_created = false;
  Value object;    ///< the whole object; only with DryRun::yes
  Value fields{};  ///< what we apply of it, as fieldsV1; only where ApplyRequest asks for it
  /// altered_fields() of what was sent; nothing of a dry run, and of what has more than
  /// compared_bytes_max.
  std::optional<std::vector<std::string>> altered{};
};

/// A DELETE with background propagation of exactly the object that was seen.
struct DeleteRequest {
  ResourceId id;
  std::string version;  ///< "" for the preferred one
  std::string uid;
  std::string resource_version;
  std::string user{};  ///< as ApplyRequest::user
};

/// A JSON Patch (RFC 6902) of exactly the object that was seen.
struct PatchRequest {
  ResourceId id;
  std::string version;  ///< "" for the preferred one
  std::string body;     ///< its operations; those that compare what follows come in front of them
  std::string uid;
  std::string resource_version;
  std::string user{};  ///< as ApplyRequest::user
};

/// What a DELETE left.
enum class Removed : std::uint8_t {
  gone,
  waiting,  ///< still there until its finalizers are done, or nobody can tell
};

/// The API server. Errors of all functions: `unavailable` (no answer, overloaded, or something
/// that the object needs is not there yet: its kind, namespace, ServiceAccount, or a webhook),
/// `denied` (401, 403, quota, a webhook's no), `invalid` (the object is refused as it is: 400,
/// 422, immutable field), `conflict` (409, precondition failed, or the kind's apply lost a race).
/// The message holds the server's words without values of Secrets and of what is confidential.
/// Whoever awaits a function may destroy the Cluster as soon as it goes on with the result, if no
/// other request is under way.
class Cluster {
 public:
  virtual ~Cluster() = default;

  /// The kinds that are served. Groups whose discovery is stale (an aggregated API that is down)
  /// are left out.
  virtual Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) = 0;

  /// Streams the metadata of the objects that match into `each`, one PartialObjectMetadata at a
  /// time (list items carry no kind), from the server's cache (resourceVersion=0; the newest state
  /// where `name` is given), in no order. A kind that is not served (any more) has no objects.
  virtual Task<Result<void>> list_metadata(MetadataQuery query,
                                           std::function<void(const Value& object)> each) = 0;

  /// The whole object, or nothing if it does not exist. Reads the newest state.
  virtual Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) = 0;

  virtual Task<Result<Applied>> apply(ApplyRequest request) = 0;

  /// The object as it is then. For what no apply can say: managedFields, and objects whose fields
  /// are others'. `conflict` when it is another one by now, has changed, or is gone; `invalid` when
  /// an operation cannot be applied to it.
  virtual Task<Result<LiveObject>> patch(PatchRequest request) = 0;

  /// Success also when the object was already gone, or its kind is not served (any more).
  /// `conflict` when it is another one by now.
  virtual Task<Result<Removed>> remove(DeleteRequest request) = 0;

  /// Whether the request that ended last got an answer of the server, be it a refusal: tells an
  /// `unavailable` object from an unavailable server.
  [[nodiscard]] virtual bool is_answering() const = 0;
};

}  // namespace primocane
