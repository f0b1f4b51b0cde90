// SPDX-License-Identifier: Apache-2.0
#include "support/fake_cluster.hpp"

#include "cluster/requests.hpp"
#include "document/json.hpp"
#include "resource/altered_fields.hpp"
#include "resource/confidential_fields.hpp"
#include "resource/field_paths.hpp"
#include "resource/well_known.hpp"
#include "support/label_selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// Counts a request as in flight for as long as it lives, also when it is cancelled.
class InFlight {
 public:
  InFlight(std::size_t& count, std::size_t& max) : count_(count) { max = std::max(max, ++count_); }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  ~InFlight() { --count_; }

 private:
  std::size_t& count_;
};

std::unexpected<Error> no_such_kind(const GroupKind& group_kind, std::string_view version) {
  return fail(ErrorKind::unavailable,
              fmt::format("no matches for kind {} in version {}", to_string(group_kind), version));
}

Value metadata_only(const Value& object) { return Object{{"metadata", *object.find("metadata")}}; }

}  // namespace

std::string FakeRequest::str() const {
  if (verb == "discover") return verb;
  const bool is_of_many = verb == "list" || verb == "watch";
  if (!is_of_many || !id.name.empty()) return fmt::format("{} {}", verb, to_string(id));
  const std::string kind = to_string(id.group_kind());
  return id.namespace_name.empty() ? fmt::format("{} {}", verb, kind)
                                   : fmt::format("{} {} in {}", verb, kind, id.namespace_name);
}

FakeCluster::FakeCluster(EventLoop& loop) : loop_(loop), kinds_(plain_kinds()) {
  for (const std::string_view name : {"default", "kube-system"}) {
    create(Object{{"apiVersion", Value("v1")},
                  {"kind", Value("Namespace")},
                  {"metadata", Object{{"name", Value(name)}}}},
           "kube-apiserver");
  }
}

Task<Result<void>> FakeCluster::receive(FakeRequest request) {
  const InFlight in_flight(in_flight_, in_flight_max_);
  requests_.push_back(request.str());
  if (is_silent) co_await sleep_for(loop_, silence);
  is_answering_ = !is_silent;
  if (is_silent) co_return fail(ErrorKind::unavailable, "API server: no connection in time");
  if (latency > Duration::zero()) co_await sleep_for(loop_, latency);
  if (on_request) {
    std::optional<Error> refusal = on_request(request);
    if (refusal) co_return std::unexpected(std::move(*refusal));
  }
  co_return Result<void>();
}

Task<Result<std::vector<ServedKind>>> FakeCluster::discover(Discovery /*freshness*/) {
  FakeRequest request{.verb = "discover", .id = {}};
  CO_CHECK(co_await receive(std::move(request)));
  co_return kinds_;
}

Task<Result<void>> FakeCluster::list_metadata(MetadataQuery query,
                                              std::function<void(const Value& object)> each) {
  FakeRequest request{
      .verb = "list",
      .id = {query.group_kind.group, query.group_kind.kind, query.namespace_name, query.name}};
  CO_CHECK(co_await receive(std::move(request)));
  std::vector<Value> found;  // the caller may change the cluster from `each`
  for (const auto& [id, object] : objects_) {
    if (id.group_kind() != query.group_kind || served(query.group_kind) == nullptr) continue;
    if (!query.namespace_name.empty() && id.namespace_name != query.namespace_name) continue;
    if (!query.name.empty() && id.name != query.name) continue;
    if (!matches_selector(object, query.label_selector)) continue;
    found.push_back(metadata_only(object));
  }
  for (const Value& object : found) each(object);
  co_return Result<void>();
}

Task<Result<WatchEnd>> FakeCluster::watch(WatchQuery query, Take take) {
  FakeRequest request{
      .verb = "watch",
      .id = {query.group_kind.group, query.group_kind.kind, query.namespace_name, query.name}};
  CO_CHECK(co_await receive(std::move(request)));
  if (served(query.group_kind) == nullptr) co_return WatchEnd::not_served;
  std::vector<Value> present;
  for (const auto& [id, object] : objects_) {
    const bool is_selected =
        id.group_kind() == query.group_kind &&
        (query.namespace_name.empty() || id.namespace_name == query.namespace_name) &&
        (query.name.empty() || id.name == query.name);
    if (is_selected) present.push_back(object);
  }
  Result<WatchEnd> end =
      co_await watches_.watch(std::move(query), std::move(take), std::move(present), last_version_);
  co_return end;
}

Task<Result<std::optional<Value>>> FakeCluster::get(ResourceId id, std::string version) {
  FakeRequest request{.verb = "get", .id = id};
  CO_CHECK(co_await receive(std::move(request)));
  const ServedKind* kind = served(id.group_kind());
  if (kind == nullptr) co_return no_such_kind(id.group_kind(), version);
  const Value* object = find(id);
  if (object == nullptr) co_return std::optional<Value>();
  co_return std::optional<Value>(*object);
}

Task<Result<Applied>> FakeCluster::apply(ApplyRequest request) {
  const bool is_dry_run = request.dry_run == DryRun::yes;
  FakeRequest received{.verb = is_dry_run ? "dry-run" : "apply", .id = request.id};
  const std::string what = received.str();
  CO_CHECK(co_await receive(std::move(received)));
  if (is_dry_run) co_return apply_now(request);
  const auto failures = failures_.find(request.id);
  if (failures != failures_.end() && failures->second.times > 0) {
    --failures->second.times;
    co_return std::unexpected(failures->second.error);
  }
  if (on_effect) on_effect(what);
  Result<Applied> applied = apply_now(request);
  if (after_effect) after_effect(what);
  co_return applied;
}

Task<Result<LiveObject>> FakeCluster::patch(PatchRequest request) {
  FakeRequest received{.verb = "patch", .id = request.id};
  const std::string what = received.str();
  CO_CHECK(co_await receive(std::move(received)));
  if (on_effect) on_effect(what);
  Result<LiveObject> patched = patch_now(request);
  if (after_effect) after_effect(what);
  co_return patched;
}

Task<Result<Removed>> FakeCluster::remove(DeleteRequest request) {
  FakeRequest received{.verb = "delete", .id = request.id};
  const std::string what = received.str();
  CO_CHECK(co_await receive(std::move(received)));
  if (on_effect) on_effect(what);
  Result<Removed> removed = remove_now(request);
  if (after_effect) after_effect(what);
  co_return removed;
}

Result<Applied> FakeCluster::apply_now(const ApplyRequest& request) {
  const ResourceId& id = request.id;
  Value wanted = TRY(read_json(request.body, to_string(id)));
  // As the real server, which takes the namespace of a body without one from the URL, and passes by
  // that of an object that has none (k8s.io/apiserver,
  // EnsureObjectNamespaceMatchesRequestNamespace).
  Object* metadata = wanted.is_object() ? (*wanted.as_object())["metadata"].as_object() : nullptr;
  if (id.namespace_name.empty() && metadata != nullptr) metadata->erase("namespace");
  ResourceId named = id_of(wanted);
  if (named.namespace_name.empty()) named.namespace_name = id.namespace_name;
  if (named != id) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: the body names {}", to_string(id), to_string(id_of(wanted))));
  }
  TRY(require_place(id, request.version));
  const Value* live = find(id);
  if (live == nullptr && !request.uid.empty()) {
    return fail(ErrorKind::conflict,
                fmt::format("{}: uid mismatch: no existing object was found", to_string(id)));
  }
  if (live != nullptr && !request.uid.empty() && live->text_at("metadata", "uid") != request.uid) {
    return fail(ErrorKind::conflict,
                fmt::format("{}: metadata.uid: field is immutable", to_string(id)));
  }
  if (live != nullptr && !request.resource_version.empty() &&
      live->text_at("metadata", "resourceVersion") != request.resource_version) {
    return fail(ErrorKind::conflict,
                fmt::format("{}: the object has been modified", to_string(id)));
  }
  const bool is_new = live == nullptr;
  Value merged = admitted(id, merge(id, field_manager, wanted));
  if (request.dry_run == DryRun::no && (is_new || merged != *live)) {
    store(id, std::move(merged));
    merged = *find(id);
  }
  if (is_new && request.dry_run == DryRun::yes) {
    (*merged.as_object()->find("metadata")->as_object())["uid"] = Value("dry-run");
  }
  const bool is_open = confidential_fields(id, request.confidential).empty();
  std::optional<std::vector<std::string>> altered;
  if (is_compared(request)) {
    altered = altered_fields(wanted, merged, is_open ? ItemNames::keys : ItemNames::hidden);
  }
  return Applied{.live = TRY(read_live_object(merged, id.group_kind())),
                 .was_created = is_new,
                 .object = request.dry_run == DryRun::yes ? merged : Value(),
                 .fields = request.wants_fields ? applied_fields_of(merged) : Value(),
                 .altered = std::move(altered)};
}

Result<Removed> FakeCluster::remove_now(const DeleteRequest& request) {
  if (served(request.id.group_kind()) == nullptr) return Removed::waiting;
  if (find(request.id) == nullptr) return Removed::gone;
  TRY(require_seen(request.id, request.uid, request.resource_version));
  delete_object(request.id);
  return find(request.id) == nullptr ? Removed::gone : Removed::waiting;
}

Result<void> FakeCluster::require_seen(const ResourceId& id, const std::string& uid,
                                       const std::string& resource_version) const {
  const Value* live = find(id);
  if (live == nullptr) {
    return fail(ErrorKind::conflict, fmt::format("{}: is not there any more", to_string(id)));
  }
  const auto differs = [&](const std::string& expected, std::string_view field) {
    return !expected.empty() && live->text_at("metadata", field) != expected;
  };
  if (differs(uid, "uid") || differs(resource_version, "resourceVersion")) {
    return fail(ErrorKind::conflict,
                fmt::format("{}: the precondition does not match the record", to_string(id)));
  }
  return {};
}

Result<void> FakeCluster::require_place(const ResourceId& id, std::string_view version) const {
  const ServedKind* kind = served(id.group_kind());
  if (kind == nullptr || std::ranges::count(kind->versions, version) == 0) {
    return no_such_kind(id.group_kind(), version);
  }
  if ((kind->scope == Scope::cluster) != id.namespace_name.empty()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: the namespace does not fit the kind's scope", to_string(id)));
  }
  if (kind->scope == Scope::cluster) return {};
  const Value* space = find({"", "Namespace", "", id.namespace_name});
  if (space == nullptr) {
    return fail(ErrorKind::unavailable,
                fmt::format("{}: namespaces \"{}\" not found", to_string(id), id.namespace_name));
  }
  if (find(id) == nullptr && !space->text_at("metadata", "deletionTimestamp").empty()) {
    return fail(ErrorKind::unavailable, fmt::format("{}: namespace {} is being terminated",
                                                    to_string(id), id.namespace_name));
  }
  return {};
}

const ServedKind* FakeCluster::served(const GroupKind& group_kind) const {
  const auto found = std::ranges::find(kinds_, group_kind, &ServedKind::group_kind);
  return found == kinds_.end() ? nullptr : &*found;
}

void FakeCluster::fail_next_applies(const ResourceId& id, Error error, int times) {
  failures_[id] = {std::move(error), times};
}

const Value* FakeCluster::find(const ResourceId& id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

std::vector<ResourceId> FakeCluster::ids() const {
  std::vector<ResourceId> ids;
  for (const auto& [id, object] : objects_) ids.push_back(id);
  return ids;
}

}  // namespace primocane
