// SPDX-License-Identifier: Apache-2.0
#include "reconcile/flux_move.hpp"

#include "document/json.hpp"
#include "document/json_pointer.hpp"
#include "flux/suspended_chart.hpp"
#include "resource/applyset.hpp"
#include "resource/handed_over_fields.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

// What stands in adopted_suspend_annotation: the field, or that there was none.
constexpr std::string_view absent = "absent";
constexpr std::string_view written_false = "false";

constexpr std::array<ManagerPattern, 1> flux_managers{
    {{.name = flux_manager, .match = ManagerPattern::Match::exact}}};
constexpr std::array<ManagerPattern, 1> our_managers{
    {{.name = field_manager, .match = ManagerPattern::Match::exact}}};

// The operations of a JSON Patch, one after another.
class PatchWriter {
 public:
  void add(std::string path, Value value) {
    operations_.emplace_back(
        Object{{"op", "add"}, {"path", std::move(path)}, {"value", std::move(value)}});
  }
  void remove(std::string path) {
    operations_.emplace_back(Object{{"op", "remove"}, {"path", std::move(path)}});
  }
  void annotate(const Value& object, std::string_view key, std::string_view value) {
    const Value* annotations = object.find("metadata", "annotations");
    if (annotations == nullptr || !annotations->is_object()) {
      add("/metadata/annotations", Object{{std::string(key), value}});
    } else {
      add(annotation_path(key), value);
    }
  }
  static std::string annotation_path(std::string_view key) {
    return JsonPointer().child("metadata").child("annotations").child(std::string(key)).str();
  }
  [[nodiscard]] std::string str() const { return write_json(Value(operations_)); }

 private:
  Array operations_;
};

std::string_view annotation_of(const Value& object, std::string_view key) {
  return object.text_at("metadata", "annotations", key);
}

bool is_true(const Value* value) {
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

std::optional<std::string> suspend(const Value& object) {
  const Value* before = object.find("spec", "suspend");
  if (is_true(before)) return std::nullopt;
  PatchWriter patch;
  patch.annotate(object, adopted_suspend_annotation, before == nullptr ? absent : written_false);
  patch.add("/spec/suspend", true);
  return patch.str();
}

std::optional<std::string> resume(const Value& object) {
  const std::string_view before = annotation_of(object, adopted_suspend_annotation);
  if (before.empty()) return std::nullopt;
  PatchWriter patch;
  // Somebody may have resumed it already.
  if (object.find("spec", "suspend") != nullptr) {
    if (before == absent) {
      patch.remove("/spec/suspend");
    } else {
      patch.add("/spec/suspend", false);
    }
  }
  patch.remove(PatchWriter::annotation_path(adopted_suspend_annotation));
  return patch.str();
}

std::string_view replicas_of(const Value& deployment) {
  const Value* replicas = deployment.find("spec", "replicas");
  // What the server takes where nothing is said.
  if (replicas == nullptr || replicas->as_number() == nullptr) return "1";
  return replicas->as_number()->text;
}

std::optional<std::string> stop(const Value& object) {
  const std::string_view replicas = replicas_of(object);
  if (replicas == "0") return std::nullopt;
  PatchWriter patch;
  patch.annotate(object, adopted_replicas_annotation, replicas);
  patch.add("/spec/replicas", 0);
  return patch.str();
}

std::optional<std::string> start(const Value& object) {
  const std::string_view text = annotation_of(object, adopted_replicas_annotation);
  if (text.empty()) return std::nullopt;
  // Somebody may have written anything there.
  int replicas = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), replicas);
  if (error != std::errc() || end != text.data() + text.size() || replicas < 0) replicas = 1;
  PatchWriter patch;
  if (replicas_of(object) == "0") patch.add("/spec/replicas", replicas);
  patch.remove(PatchWriter::annotation_path(adopted_replicas_annotation));
  return patch.str();
}

std::optional<std::string> take_over(const Value& object) {
  std::optional<Array> fields = hand_over_fields(
      object, {.from = flux_managers, .to = field_manager, .spared = Spared::nothing});
  if (!fields) return std::nullopt;
  return managed_fields_patch(std::move(*fields));
}

// Takes the mark of our sets out of fieldsV1: the object has it no longer.
void disown_mark(Value& entry) {
  Value* const fields = entry.as_object()->find("fieldsV1");
  Object* const metadata = fields == nullptr ? nullptr : fields->as_object();
  Value* const inner = metadata == nullptr ? nullptr : metadata->find("f:metadata");
  Object* const parts = inner == nullptr ? nullptr : inner->as_object();
  Value* const labels = parts == nullptr ? nullptr : parts->find("f:labels");
  if (labels == nullptr || labels->as_object() == nullptr) return;
  labels->as_object()->erase(fmt::format("f:{}", applyset_part_of_label));
}

// In one patch: an object with the one and without the other would be nobody's.
std::optional<std::string> give_back(const Value& object) {
  // What was taken over and then never applied has no mark.
  const bool is_marked = !object.text_at("metadata", "labels", applyset_part_of_label).empty();
  std::optional<Array> fields = hand_over_fields(
      object, {.from = our_managers, .to = flux_manager, .spared = Spared::nothing});
  if (!is_marked && !fields) return std::nullopt;
  PatchWriter patch;
  if (is_marked) {
    patch.remove(part_of_pointer().str());
  }
  if (fields) {
    for (Value& entry : *fields) disown_mark(entry);
    patch.add("/metadata/managedFields", std::move(*fields));
  }
  return patch.str();
}

std::optional<std::string> unmanage(const Value& object) {
  if (!annotation_of(object, unmanaged_chart_annotation).empty()) return std::nullopt;
  PatchWriter patch;
  patch.annotate(object, unmanaged_chart_annotation, "released");
  return patch.str();
}

}  // namespace

std::string_view to_string(MoveAction action) {
  switch (action) {
    case MoveAction::suspend:
      return "suspend";
    case MoveAction::stop:
      return "stop";
    case MoveAction::take_over:
      return "take over";
    case MoveAction::unmanage:
      return "leave alone";
    case MoveAction::drop:
      return "delete";
    case MoveAction::let_go:
      return "let go";
    case MoveAction::give_back:
      return "give back";
    case MoveAction::forget:
      return "forget";
    case MoveAction::start:
      return "start";
    case MoveAction::resume:
      return "resume";
  }
  return {};
}

std::optional<std::string> patch_of(MoveAction action, const Value& object) {
  switch (action) {
    case MoveAction::suspend:
      return suspend(object);
    case MoveAction::stop:
      return stop(object);
    case MoveAction::take_over:
      return take_over(object);
    case MoveAction::unmanage:
      return unmanage(object);
    case MoveAction::give_back:
      return give_back(object);
    case MoveAction::start:
      return start(object);
    case MoveAction::resume:
      return resume(object);
    case MoveAction::drop:
    case MoveAction::let_go:
    case MoveAction::forget:
      break;
  }
  return std::nullopt;
}

}  // namespace primocane
