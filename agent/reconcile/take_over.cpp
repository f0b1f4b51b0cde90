// SPDX-License-Identifier: Apache-2.0
#include "reconcile/take_over.hpp"

#include "resource/handed_over_fields.hpp"
#include "resource/metadata.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

// What has to be patched as it was looked at, or nothing.
std::optional<PatchRequest> take_over_request(const Value& metadata, const Change& change) {
  if (is_merged(metadata)) return std::nullopt;
  const std::string_view uid = metadata.text_at("metadata", "uid");
  if (!change.uid.empty() && uid != change.uid) return std::nullopt;
  std::optional<Array> managed_fields = hand_over_fields(metadata);
  if (!managed_fields) return std::nullopt;
  return PatchRequest{
      .id = change.id,
      .version = change.desired->version,
      .body = managed_fields_patch(std::move(*managed_fields)),
      .uid = std::string(uid),
      .resource_version = std::string(metadata.text_at("metadata", "resourceVersion")),
      .user = change.user};
}

MetadataQuery metadata_of(const ResourceId& id) {
  return {.group_kind = id.group_kind(),
          .namespace_name = id.namespace_name,
          .label_selector = {},
          .name = id.name};
}

}  // namespace

Task<Result<void>> take_over_fields(Cluster& cluster, const Change& change) {
  constexpr int rounds = 4;
  for (int round = 1;; ++round) {
    std::optional<PatchRequest> request;
    std::function<void(const Value&)> each = [&](const Value& metadata) {
      request = take_over_request(metadata, change);
    };
    MetadataQuery query = metadata_of(change.id);
    CO_CHECK(co_await cluster.list_metadata(std::move(query), std::move(each)));
    if (!request) co_return Result<void>();
    const Result<LiveObject> patched = co_await cluster.patch(std::move(*request));
    if (patched) co_return Result<void>();
    const bool is_other = patched.error().kind == ErrorKind::conflict;
    if (!is_other || round == rounds) {
      co_return std::unexpected(
          with_context("what people's tools have set can't be taken over", patched.error()));
    }
  }
}

}  // namespace primocane
