// SPDX-License-Identifier: Apache-2.0
// What FakeCluster makes of a JSON Patch.
#include "render/json_patch.hpp"
#include "resource/well_known.hpp"
#include "support/fake_cluster.hpp"
#include "support/managed_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

bool is_without_finalizers(const Value& object) {
  const Value* list = object.find("metadata", "finalizers");
  return list == nullptr || list->as_array() == nullptr || list->as_array()->empty();
}

}  // namespace

Result<LiveObject> FakeCluster::patch_now(const PatchRequest& request) {
  const ResourceId& id = request.id;
  const JsonPatch patch = TRY(read_json_patch(request.body, to_string(id)));
  if (served(id.group_kind()) == nullptr) {
    return fail(ErrorKind::unavailable,
                fmt::format("no matches for kind {}", to_string(id.group_kind())));
  }
  TRY(require_seen(id, request.uid, request.resource_version));
  const Value before = *find(id);
  Value after = before;
  TRY(apply_json_patch(after, patch));
  // What the patch says about managers holds before what it changes counts.
  Value compared = before;
  if (const Value* managers = after.find("metadata", "managedFields")) {
    compared.as_object()->find("metadata")->as_object()->set("managedFields", *managers);
  }
  take_over(after, compared, field_manager, {}, now_text());
  const bool has_ended =
      is_without_finalizers(after) && !after.text_at("metadata", "deletionTimestamp").empty();
  after = admitted(id, std::move(after));
  if (after != before) store(id, std::move(after));
  Result<LiveObject> live = read_live_object(*find(id), id.group_kind());
  if (has_ended) erase(id);
  return live;
}

}  // namespace primocane
