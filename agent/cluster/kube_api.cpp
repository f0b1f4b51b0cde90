// SPDX-License-Identifier: Apache-2.0
#include "cluster/kube_api.hpp"

#include "cluster/api_session.hpp"
#include "cluster/object_stream.hpp"
#include "cluster/requests.hpp"
#include "cluster/served_kinds.hpp"
#include "cluster/status_error.hpp"
#include "cluster/watch_stream.hpp"
#include "document/json.hpp"
#include "resource/altered_fields.hpp"
#include "resource/field_paths.hpp"
#include "resource/resource_version.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr int created = 201;
constexpr int http_bad_request = 400;
constexpr int http_method_not_allowed = 405;
constexpr int http_gone = 410;
constexpr int http_unprocessable = 422;

// The server's own limit on a request is 3 MiB; schemas of large CRDs nest deeper than files do.
constexpr DocumentLimits object_limits{.bytes = ByteCount(32ULL * 1024 * 1024), .depth = 512};

Error no_matches(const GroupKind& kind, std::string_view version) {
  return {ErrorKind::unavailable,
          fmt::format("no matches for kind {} in version {}", to_string(kind), version)};
}

Error object_is_gone(const ResourceId& id) {
  return {ErrorKind::conflict, fmt::format("{}: is not there any more", to_string(id))};
}

// A server answers a DELETE with a Status or the last state of what is gone, and with the object
// that it has marked where a finalizer holds it.
Removed what_is_left(std::string_view body) {
  const Result<Value> object = read_json(body, "the answer to a DELETE", object_limits);
  const bool is_gone = object && object->text_at("metadata", "deletionTimestamp").empty();
  return is_gone ? Removed::gone : Removed::waiting;
}

// How a watch that the server ended by `status` goes on.
Result<WatchEnd> end_of(const ApiStatus& status, std::string_view subject) {
  if (status.code == http_gone) return WatchEnd::expired;
  if (status.code == http_method_not_allowed) return WatchEnd::unwatchable;
  if (is_kind_missing(status)) return WatchEnd::not_served;
  return std::unexpected(to_error(status, subject));
}

// What k8s.io/apimachinery's ValidateListOptions says where the feature WatchList is off (1.27 and
// newer), or where it is not known: an older server refuses resourceVersionMatch with a watch.
bool is_without_initial_events(const ApiStatus& status) {
  const bool is_refusal = status.code == http_bad_request || status.code == http_unprocessable;
  return is_refusal && (status.message.find("sendInitialEvents") != std::string::npos ||
                        status.message.find("resourceVersionMatch") != std::string::npos);
}

// No coroutine: GCC 12 lets lambdas in one capture little.
std::function<void()> tell_begin(const ClusterWatch::Take& take, std::optional<Error>& refused) {
  return [&take, &refused] {
    Result<void> taken = take({.kind = WatchEvent::Kind::begun});
    if (!taken) refused = std::move(taken).error();
  };
}

// The items of a list as the events of a watch.
class ListedEvents {
 public:
  explicit ListedEvents(const ClusterWatch::Take& take)
      : take_(take), stream_([this](std::string_view text) { return take_item(text); }) {
    stream_.take_metadata([this](std::string_view text) -> Result<void> {
      const Value metadata = TRY(read_json(text, "the metadata of the server's list"));
      version_ = metadata.text_at("resourceVersion");
      return {};
    });
  }
  ListedEvents(const ListedEvents&) = delete;
  ListedEvents& operator=(const ListedEvents&) = delete;
  ~ListedEvents() = default;

  Result<void> feed(std::string_view piece) { return stream_.feed(piece); }

  /// The resourceVersion of the list.
  Result<std::string> finish() {
    TRY(stream_.finish());
    if (!version_.empty()) return std::move(version_);
    return fail(ErrorKind::invalid, "the server's list has no metadata.resourceVersion");
  }

 private:
  Result<void> take_item(std::string_view text) {
    Value item = TRY(read_json(text, "an item of the server's list", object_limits));
    WatchEvent event{.kind = WatchEvent::Kind::present, .object = std::move(item)};
    event.resource_version = event.object.text_at("metadata", "resourceVersion");
    return take_(std::move(event));
  }

  const ClusterWatch::Take& take_;
  ObjectStream stream_;
  std::string version_;
};

std::optional<std::vector<std::string>> altered_by_server(const SentObject& sent,
                                                          const Value& answer) {
  const Result<Value> body = read_json(sent.body, "what was sent", object_limits);
  if (!body) return std::nullopt;
  return altered_fields(*body, answer,
                        sent.confidential.empty() ? ItemNames::keys : ItemNames::hidden);
}

class KubeApi final : public ApiServer {
 public:
  KubeApi(EventLoop& loop, ClusterAccess access, FileReader read_file, KubeApiSettings settings)
      : session_(loop, std::move(access), std::move(read_file), settings), kinds_(session_) {}

  Task<Result<std::vector<ServedKind>>> discover(Discovery freshness) override {
    return kinds_.all(freshness);
  }

  Task<Result<void>> list_metadata(MetadataQuery query,
                                   std::function<void(const Value& object)> each) override;
  Task<Result<std::optional<Value>>> get(ResourceId id, std::string version) override;
  Task<Result<Applied>> apply(ApplyRequest request) override;
  Task<Result<LiveObject>> patch(PatchRequest request) override;
  Task<Result<Removed>> remove(DeleteRequest request) override;
  bool is_answering() const override { return session_.is_answering(); }
  Task<Result<WatchEnd>> watch(WatchQuery query, Take take) override;

 private:
  Task<Result<ServedKind>> require_kind(GroupKind group_kind, std::string version);
  Task<Result<bool>> is_behind_version(ServedKind kind, WatchQuery query);
  Task<Result<WatchEnd>> stream(ServedKind kind, WatchQuery query, Take take);
  Task<Result<WatchEnd>> list_and_stream(ServedKind kind, WatchQuery query, Take take);
  Error refusal(const HttpResponse& response, const ResourceId& id, std::string_view version,
                const SentObject& sent);

  ApiSession session_;
  ServedKinds kinds_;
  bool has_initial_events_ = true;  // the server can begin a watch with what is there
};

Task<Result<ServedKind>> KubeApi::require_kind(GroupKind group_kind, std::string version) {
  CO_TRY(std::optional<ServedKind> kind, co_await kinds_.find(group_kind, version));
  if (!kind) co_return std::unexpected(no_matches(group_kind, version));
  co_return std::move(*kind);
}

Error KubeApi::refusal(const HttpResponse& response, const ResourceId& id, std::string_view version,
                       const SentObject& sent) {
  const ApiStatus status = read_api_status(response.status, response.body);
  if (!is_kind_missing(status)) return to_error(status, id, sent);
  kinds_.forget();
  return no_matches(id.group_kind(), version);
}

Task<Result<void>> KubeApi::list_metadata(MetadataQuery query,
                                          std::function<void(const Value& object)> each) {
  CO_TRY(const std::optional<ServedKind> kind, co_await kinds_.find(query.group_kind, {}));
  if (!kind || !kind->can_list) co_return Result<void>();
  const std::string subject = fmt::format("list {}", to_string(query.group_kind));
  CO_TRY(HttpRequest request, list_request(*kind, query));

  ObjectStream items([&each](std::string_view text) -> Result<void> {
    const Value item = TRY(read_json(text, "an item of the server's list", object_limits));
    each(item);
    return {};
  });
  const bool is_one = !query.name.empty();
  BodySink sink;
  if (!is_one) sink = [&items](std::string_view piece) { return items.feed(piece); };
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(request), sink));
  if (response.status == http_not_found) {
    if (is_kind_missing(read_api_status(response.status, response.body))) kinds_.forget();
    co_return Result<void>();
  }
  if (!response.is_success()) {
    co_return std::unexpected(to_error(read_api_status(response.status, response.body), subject));
  }
  if (!is_one) {
    Result<void> complete = items.finish();
    if (!complete) co_return std::unexpected(with_context(subject, complete.error()));
    co_return complete;
  }
  CO_TRY(const Value object, read_json(response.body, subject, object_limits));
  each(object);
  co_return Result<void>();
}

Task<Result<std::optional<Value>>> KubeApi::get(ResourceId id, std::string version) {
  CO_TRY(const ServedKind kind, co_await require_kind(id.group_kind(), version));
  if (version.empty()) version = kind.versions.at(0);
  CO_TRY(HttpRequest request, get_request(kind, id, version));
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(request)));
  if (!response.is_success()) {
    const bool is_object_missing =
        response.status == http_not_found &&
        !is_kind_missing(read_api_status(response.status, response.body));
    if (is_object_missing) co_return std::optional<Value>();
    co_return std::unexpected(refusal(response, id, version, {}));
  }
  CO_TRY(Value object, read_json(response.body, to_string(id), object_limits));
  co_return std::optional<Value>(std::move(object));
}

Task<Result<Applied>> KubeApi::apply(ApplyRequest request) {
  const ResourceId id = request.id;
  const std::string version = request.version;
  const bool is_dry_run = request.dry_run == DryRun::yes;
  const bool wants_fields = request.wants_fields;
  const bool is_compared_with = is_compared(request);
  // Kept to know which words of a refusal are values, and what the server made of others.
  SentObject sent{.body = {}, .confidential = confidential_fields(id, request.confidential)};
  const bool is_open = sent.confidential.empty();
  CO_TRY(const ServedKind kind, co_await require_kind(id.group_kind(), version));
  CO_TRY(HttpRequest http, apply_request(kind, std::move(request)));
  if (is_compared_with || !is_open) sent.body = http.body;
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(http)));
  if (!response.is_success()) {
    if (is_open) sent.body.clear();
    co_return std::unexpected(refusal(response, id, version, sent));
  }
  CO_TRY(Value object, read_json(response.body, to_string(id), object_limits));
  CO_TRY(LiveObject live, read_live_object(object, id.group_kind()));
  Applied applied{.live = std::move(live), .was_created = response.status == created};
  if (wants_fields) applied.fields = applied_fields_of(object);
  if (is_compared_with) applied.altered = altered_by_server(sent, object);
  if (is_dry_run) applied.object = std::move(object);
  co_return applied;
}

Task<Result<LiveObject>> KubeApi::patch(PatchRequest request) {
  const ResourceId id = request.id;
  CO_TRY(const ServedKind kind, co_await require_kind(id.group_kind(), request.version));
  CO_TRY(HttpRequest http, patch_request(kind, request));
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(http)));
  if (response.is_success()) {
    CO_TRY(const Value object, read_json(response.body, to_string(id), object_limits));
    co_return read_live_object(object, id.group_kind());
  }
  const bool is_object_missing = response.status == http_not_found &&
                                 !is_kind_missing(read_api_status(response.status, response.body));
  if (is_object_missing) co_return std::unexpected(object_is_gone(id));
  co_return std::unexpected(refusal(response, id, request.version, {}));
}

Task<Result<Removed>> KubeApi::remove(DeleteRequest request) {
  const ResourceId id = request.id;
  CO_TRY(const std::optional<ServedKind> kind,
         co_await kinds_.find(id.group_kind(), request.version));
  if (!kind) co_return Removed::waiting;  // its objects went too, or are only out of sight
  CO_TRY(HttpRequest http, delete_request(*kind, request));
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(http)));
  if (response.status == http_not_found) co_return Removed::gone;
  if (!response.is_success()) {
    co_return std::unexpected(refusal(response, id, request.version, {}));
  }
  co_return what_is_left(response.body);
}

Task<Result<WatchEnd>> KubeApi::watch(WatchQuery query, Take take) {
  CO_TRY(const std::optional<ServedKind> kind, co_await kinds_.find(query.group_kind, {}));
  if (!kind) co_return WatchEnd::not_served;
  const bool is_new = query.resource_version.empty();
  if (!is_new) {
    CO_TRY(const bool is_behind, co_await is_behind_version(*kind, query));
    if (is_behind) co_return WatchEnd::expired;
  }
  if (!is_new || has_initial_events_) {
    Result<WatchEnd> end = co_await stream(*kind, query, take);
    if (!is_new || has_initial_events_) co_return end;
  }
  co_return co_await list_and_stream(*kind, std::move(query), std::move(take));
}

// A server whose store was restored from a backup takes a version that it has not reached yet, and
// tells nothing until it has.
Task<Result<bool>> KubeApi::is_behind_version(ServedKind kind, WatchQuery query) {
  HttpRequest request = version_request(kind, query);
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(request)));
  if (!response.is_success()) co_return false;  // the watch tells why
  CO_TRY(const Value list, read_json(response.body, "the server's list"));
  co_return is_older_version(list.text_at("metadata", "resourceVersion"), query.resource_version);
}

Task<Result<WatchEnd>> KubeApi::stream(ServedKind kind, WatchQuery query, Take take) {
  const std::string subject = fmt::format("watch {}", to_string(query.group_kind));
  const bool is_new = query.resource_version.empty();
  HttpRequest request = watch_request(kind, query);
  std::optional<Error> refused;
  if (!is_new) request.on_success = tell_begin(take, refused);
  WatchStream events(take);
  BodySink sink = [&events, &refused](std::string_view piece) -> Result<void> {
    if (refused) return std::unexpected(*refused);
    return events.feed(piece);
  };
  Result<HttpResponse> response = co_await session_.stream(std::move(request), std::move(sink));
  if (events.refusal()) co_return end_of(*events.refusal(), subject);
  if (!response) co_return std::unexpected(with_context(subject, response.error()));
  if (response->is_success()) {
    const Result<void> whole = events.finish();
    if (!whole) co_return std::unexpected(with_context(subject, whole.error()));
    co_return WatchEnd::over;
  }
  const ApiStatus status = read_api_status(response->status, response->body);
  if (is_new && is_without_initial_events(status)) has_initial_events_ = false;
  if (is_kind_missing(status)) kinds_.forget();
  co_return end_of(status, subject);
}

// For servers without the feature WatchList: a list, and then what happened since.
Task<Result<WatchEnd>> KubeApi::list_and_stream(ServedKind kind, WatchQuery query, Take take) {
  const std::string subject = fmt::format("list {}", to_string(query.group_kind));
  CO_TRY(HttpRequest request, watched_list_request(kind, query));
  ListedEvents items(take);
  BodySink sink = [&items](std::string_view piece) { return items.feed(piece); };
  CO_TRY(const HttpResponse response, co_await session_.send(std::move(request), std::move(sink)));
  if (!response.is_success()) {
    const ApiStatus status = read_api_status(response.status, response.body);
    if (is_kind_missing(status)) kinds_.forget();
    co_return end_of(status, subject);
  }
  Result<std::string> version = items.finish();
  if (!version) co_return std::unexpected(with_context(subject, version.error()));
  query.resource_version = std::move(*version);
  WatchEvent complete{.kind = WatchEvent::Kind::complete,
                      .resource_version = query.resource_version};
  CO_CHECK(take(std::move(complete)));
  co_return co_await stream(std::move(kind), std::move(query), std::move(take));
}

}  // namespace

std::unique_ptr<ApiServer> make_kube_api(EventLoop& loop, ClusterAccess access,
                                         FileReader read_file, KubeApiSettings settings) {
  return std::make_unique<KubeApi>(loop, std::move(access), std::move(read_file), settings);
}

}  // namespace primocane
