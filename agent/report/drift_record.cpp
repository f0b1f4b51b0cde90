// SPDX-License-Identifier: Apache-2.0
#include "report/drift_record.hpp"

#include "document/plain_text.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::string cut_line(std::string_view text) {
  constexpr std::size_t length_max = 384;
  std::string line = plain_line(text);
  if (line.size() <= length_max) return line;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
  line.resize(end);
  return line + "...";
}

void set_known_text(Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.append(std::string(key), text);
}

void set_span(Object& object, std::string_view key, const std::optional<Duration>& span) {
  if (!span) return;
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(*span);
  object.append(std::string(key), Value(std::int64_t{microseconds.count()}));
}

std::optional<Duration> span_at(const Value& value, std::string_view key) {
  const Value* number = value.find(key);
  if (number == nullptr || number->as_number() == nullptr) return std::nullopt;
  const std::string& text = number->as_number()->text;
  std::int64_t microseconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), microseconds);
  return std::chrono::microseconds(microseconds);
}

}  // namespace

bool is_drift(EventKind kind) { return std::ranges::find(drift_kinds, kind) != drift_kinds.end(); }

DriftRecord drift_record_of(const Event& event, WallTime now) {
  return {.time = now,
          .event = std::string(to_string(event.kind)),
          .object = cut_line(event.object),
          .kustomization = cut_line(event.kustomization),
          .reason = cut_line(event.reason),
          .manager = cut_line(event.manager),
          .fields = cut_line(event.fields),
          .drifted = event.drifted,
          .duration = event.duration};
}

Value write_drift_record(const DriftRecord& record) {
  Object object{{"time", write_time(record.time)}, {"event", record.event}};
  object.append("object", record.object);
  set_known_text(object, "kustomization", record.kustomization);
  set_known_text(object, "reason", record.reason);
  set_known_text(object, "manager", record.manager);
  set_known_text(object, "fields", record.fields);
  set_span(object, "driftedUs", record.drifted);
  set_span(object, "durationUs", record.duration);
  return object;
}

Result<DriftRecord> read_drift_record(const Value& value) {
  if (!value.is_object()) return fail(ErrorKind::invalid, "record of drift: expected a mapping");
  DriftRecord record;
  record.time = TRY(read_time(value.text_at("time")));
  record.event = value.text_at("event");
  record.object = value.text_at("object");
  record.kustomization = value.text_at("kustomization");
  record.reason = value.text_at("reason");
  record.manager = value.text_at("manager");
  record.fields = value.text_at("fields");
  record.drifted = span_at(value, "driftedUs");
  record.duration = span_at(value, "durationUs");
  return record;
}

std::string write_span(Duration span) {
  if (span >= std::chrono::seconds(1)) return write_age(span);
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  return fmt::format("{} ms", std::max<std::int64_t>(milliseconds, 0));
}

}  // namespace primocane
