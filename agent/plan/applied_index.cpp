// SPDX-License-Identifier: Apache-2.0
#include "plan/applied_index.hpp"

#include "document/json.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace primocane {

namespace {

// Raised when the meaning of a field changes, so that an older index is dropped.
constexpr std::string_view format = "primocane.dev/index/1";
// There for what is.
constexpr std::string_view complete_key = "complete";
constexpr std::string_view learnt_key = "learnt";

Result<AppliedRecord> read_record(const Value& item) {
  AppliedRecord record;
  record.uid = item.text_at("uid");
  record.desired = TRY(parse_fingerprint(item.text_at("desired")));
  record.entry.fields = TRY(parse_fingerprint(item.text_at("fields")));
  record.entry.time = item.text_at("time");
  record.entry.owns_part_of_label = true;
  record.is_complete = item.find(complete_key) != nullptr;
  record.is_learnt = item.find(learnt_key) != nullptr;
  if (record.uid.empty()) return fail(ErrorKind::invalid, "index: a record without uid");
  return record;
}

}  // namespace

std::size_t digest_of(const AppliedIndex& index) {
  std::size_t digest = index.size();
  const auto add = [&digest](std::string_view part) {
    // boost's hash_combine.
    digest ^= std::hash<std::string_view>()(part) + 0x9e3779b9 + (digest << 6) + (digest >> 2);
  };
  const auto add_bytes = [&add](const Fingerprint& bytes) {
    add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  };
  for (const auto& [id, record] : index) {
    for (const std::string* text :
         {&id.group, &id.kind, &id.namespace_name, &id.name, &record.uid, &record.entry.time}) {
      add(*text);
    }
    add_bytes(record.entry.fields);
    add_bytes(record.desired);
    add(record.is_complete ? "complete" : "");
    add(record.is_learnt ? "learnt" : "");
    add(record.entry.owns_part_of_label ? "owns" : "");
  }
  return digest;
}

// Record by record: all of them as one Value would take several times what the index itself does.
std::string write_index(const AppliedIndex& index) {
  std::string text = fmt::format(R"({{"format":{},"objects":[)", write_json(Value(format)));
  for (const auto& [id, record] : index) {
    Object item{{"group", id.group},
                {"kind", id.kind},
                {"namespace", id.namespace_name},
                {"name", id.name},
                {"uid", record.uid},
                {"desired", to_string(record.desired)},
                {"fields", to_string(record.entry.fields)},
                {"time", record.entry.time}};
    if (record.is_complete) item.append(std::string(complete_key), true);
    if (record.is_learnt) item.append(std::string(learnt_key), true);
    if (!text.ends_with('[')) text += ',';
    text += write_json(Value(std::move(item)));
  }
  return text + "]}";
}

Result<AppliedIndex> read_index(std::string_view bytes) {
  const Value document = TRY(read_json(bytes, "index"));
  const Value* objects = document.find("objects");
  const Array* items = objects == nullptr ? nullptr : objects->as_array();
  if (document.text_at("format") != format || items == nullptr) {
    return fail(ErrorKind::invalid, "index: written by another version");
  }
  AppliedIndex index;
  for (const Value& item : *items) {
    ResourceId id{.group = std::string(item.text_at("group")),
                  .kind = std::string(item.text_at("kind")),
                  .namespace_name = std::string(item.text_at("namespace")),
                  .name = std::string(item.text_at("name"))};
    if (id.kind.empty() || id.name.empty()) {
      return fail(ErrorKind::invalid, "index: a record without kind or name");
    }
    index.insert_or_assign(std::move(id), TRY(read_record(item)));
  }
  return index;
}

}  // namespace primocane
