// SPDX-License-Identifier: Apache-2.0
#include "cluster/watch_stream.hpp"

#include "document/json.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view event_name = "an event of the server's watch";

// The bookmark that ends what was there at the beginning has it (KEP-3157).
constexpr std::string_view initial_events_end = "k8s.io/initial-events-end";

bool is_between(char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; }

std::unexpected<Error> no_event(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", event_name, why));
}

// A Status says its own code; the stream itself began with 200.
int code_of(const Value& status) {
  const Value* code = status.find("code");
  int number = 0;
  if (code == nullptr || code->as_number() == nullptr) return number;
  const std::string& text = code->as_number()->text;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::optional<WatchEvent::Kind> kind_of_event(std::string_view type, const Value& object) {
  if (type == "ADDED" || type == "MODIFIED") return WatchEvent::Kind::present;
  if (type == "DELETED") return WatchEvent::Kind::gone;
  if (type != "BOOKMARK") return std::nullopt;
  const bool is_end = object.text_at("metadata", "annotations", initial_events_end) == "true";
  return is_end ? WatchEvent::Kind::complete : WatchEvent::Kind::bookmark;
}

}  // namespace

WatchStream::WatchStream(ClusterWatch::Take take, ByteCount event_max)
    : take_(std::move(take)), event_(event_max) {}

Result<void> WatchStream::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (event_.is_empty()) {
      if (is_between(piece.front())) {
        piece.remove_prefix(1);
        continue;
      }
      if (piece.front() != '{') return no_event("it does not begin with a mapping");
    }
    piece.remove_prefix(TRY(event_.feed(piece)));
    if (!event_.is_complete()) continue;
    TRY(event_.take([this](std::string_view text) { return take_event(text); }));
  }
  return {};
}

Result<void> WatchStream::finish() const {
  if (event_.is_empty()) return {};
  return fail(ErrorKind::unavailable, "the server's watch is cut within an event");
}

Result<void> WatchStream::take_event(std::string_view text) {
  Value event = TRY(read_json(text, event_name));
  const std::string type(event.text_at("type"));
  Value* object = event.is_object() ? event.as_object()->find("object") : nullptr;
  if (object == nullptr || !object->is_object()) return no_event("it has no object");
  if (type == "ERROR") {
    refusal_ = read_api_status(code_of(*object), write_json(*object));
    return fail(ErrorKind::unavailable, refusal_->message);
  }
  const std::optional<WatchEvent::Kind> kind = kind_of_event(type, *object);
  if (!kind) return {};  // of a newer server
  WatchEvent told{.kind = *kind,
                  .resource_version = std::string(object->text_at("metadata", "resourceVersion"))};
  if (told.resource_version.empty()) return no_event("it has no metadata.resourceVersion");
  const bool is_of_object = *kind == WatchEvent::Kind::present || *kind == WatchEvent::Kind::gone;
  if (is_of_object) told.object = std::move(*object);
  return take_(std::move(told));
}

}  // namespace primocane
