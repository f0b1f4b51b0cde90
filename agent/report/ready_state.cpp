// SPDX-License-Identifier: Apache-2.0
#include "report/ready_state.hpp"

#include "report/status.hpp"

namespace primocane {

namespace {

void append_unless_empty(Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.append(std::string(key), text);
}

Ready read_ready(std::string_view word) {
  for (const Ready ready : {Ready::yes, Ready::no}) {
    if (word == to_string(ready)) return ready;
  }
  return Ready::unknown;
}

}  // namespace

std::string_view to_string(Ready ready) {
  switch (ready) {
    case Ready::unknown:
      return "Unknown";
    case Ready::no:
      return "False";
    case Ready::yes:
      return "True";
  }
  return "Unknown";
}

void write_ready_state(Object& object, const ReadyState& readiness) {
  object.append("ready", to_string(readiness.ready));
  append_unless_empty(object, "reason", readiness.reason);
  append_unless_empty(object, "message", readiness.message);
  append_unless_empty(object, "revision", readiness.revision);
  if (readiness.since) object.append("since", write_time(*readiness.since));
}

Result<ReadyState> read_ready_state(const Value& value) {
  ReadyState readiness;
  readiness.ready = read_ready(value.text_at("ready"));
  readiness.reason = value.text_at("reason");
  readiness.message = value.text_at("message");
  readiness.revision = value.text_at("revision");
  const std::string_view since = value.text_at("since");
  if (!since.empty()) readiness.since = TRY(read_time(since));
  return readiness;
}

}  // namespace primocane
