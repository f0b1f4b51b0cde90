// SPDX-License-Identifier: Apache-2.0
#include "render/json_patch.hpp"

#include "document/json.hpp"
#include "document/schema_reader.hpp"
#include "document/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t shown_path_max = 200;

Result<Value> read_patch_document(std::string_view text, std::string_view name,
                                  const DocumentLimits& limits) {
  if (text.starts_with('[')) return read_json(text, name, limits);
  std::vector<Document> documents = TRY(read_yaml(text, name, limits, GoYaml::v2));
  return documents.empty() ? Value() : std::move(documents.front().value);
}

std::optional<std::string> text_member(const Value& mapping, std::string_view key) {
  const Value* value = mapping.find(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return *value->as_string();
}

// Otherwise a message about the patched object would name a line of the patch.
void forget_lines(Value& value) {
  value.set_line(0);
  if (Array* items = value.as_array()) std::ranges::for_each(*items, forget_lines);
  if (Object* members = value.as_object()) {
    for (auto& [key, member] : *members) forget_lines(member);
  }
}

JsonPatchOperation operation_in(const Value& item) {
  JsonPatchOperation operation;
  operation.op = text_member(item, "op").value_or("");
  operation.path = text_member(item, "path");
  operation.from = text_member(item, "from");
  if (const Value* value = item.find("value"); value != nullptr) operation.value = *value;
  forget_lines(operation.value);
  operation.line = item.line();
  return operation;
}

std::string unescaped_step(std::string_view step) {
  std::string key;
  for (std::size_t index = 0; index < step.size(); ++index) {
    const std::string_view rest = step.substr(index);
    const bool is_escape = rest.starts_with("~0") || rest.starts_with("~1");
    if (is_escape) ++index;
    key += is_escape ? (rest[1] == '0' ? '~' : '/') : rest.front();
  }
  return key;
}

// The keys on the way to a place; none if the path holds no "/".
std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;) {
    path.remove_prefix(slash + 1);
    slash = path.find('/');
    steps.push_back(unescaped_step(path.substr(0, slash)));
  }
  return steps;
}

// The position that `step` names among `count`, as strconv.Atoi reads it.
std::optional<std::size_t> position_among(std::size_t count, std::string_view step) {
  if (step.starts_with('+') && !step.starts_with("+-")) step.remove_prefix(1);
  std::int64_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (error != std::errc() || end != step.data() + step.size()) return std::nullopt;
  if (index < 0) index += static_cast<std::int64_t>(count);
  if (index < 0 || std::cmp_greater_equal(index, count)) return std::nullopt;
  return static_cast<std::size_t>(index);
}

// What a value costs where it is copied to.
struct Extent {
  std::size_t nodes = 1;
  std::size_t bytes = 0;   // of strings and keys
  std::size_t height = 0;  // levels of collections
};

Extent extent_of(const Value& value) {
  Extent extent;
  const auto take = [&extent](const Value& part) {
    const Extent inner = extent_of(part);
    extent.nodes += inner.nodes;
    extent.bytes += inner.bytes;
    extent.height = std::max(extent.height, inner.height + 1);
  };
  if (const std::string* text = value.as_string()) extent.bytes = text->size();
  if (value.is_array() || value.is_object()) extent.height = 1;
  if (const Array* items = value.as_array()) std::ranges::for_each(*items, take);
  if (const Object* members = value.as_object()) {
    for (const auto& [key, member] : *members) {
      extent.bytes += key.size();
      take(member);
    }
  }
  return extent;
}

std::unexpected<Error> inapplicable(std::string message) {
  return fail(ErrorKind::invalid, std::move(message));
}

// Applies operations to one document.
class JsonPatchRun {
 public:
  JsonPatchRun(Value& document, const DocumentLimits& limits)
      : document_(document), limits_(limits) {}

  Result<void> apply(const JsonPatchOperation& operation) {
    if (operation.op == "move" || operation.op == "copy") return transfer(operation);
    if (operation.op == "add") {
      return add(TRY(place_at(operation.path, "path")), operation.value);
    }
    if (operation.op == "remove") return remove(TRY(place_at(operation.path, "path")));
    if (operation.op == "replace") return replace(operation);
    if (operation.op == "test") return test(operation);
    return inapplicable("op must be add, remove, replace, move, copy or test");
  }

 private:
  // A mapping or list, and the key in it.
  struct Place {
    Value* holder = nullptr;
    std::string key;
    std::size_t depth = 0;  // of what is there
  };

  Result<Place> place_at(const std::optional<std::string>& path, std::string_view field) const {
    if (!path) return inapplicable(fmt::format("it needs a \"{}\" that is a string", field));
    if (std::cmp_greater(std::ranges::count(*path, '/'), limits_.depth)) return too_deep();
    std::vector<std::string> steps = steps_of(*path);
    if (steps.empty()) {
      return inapplicable(fmt::format("\"{}\" must be a path that begins with \"/\"", field));
    }
    Value* holder = &document_;
    for (const std::string& step : std::span(steps).first(steps.size() - 1)) {
      const Result<Value*> next = value_at({.holder = holder, .key = step});
      if (!next || *next == nullptr || !((*next)->is_object() || (*next)->is_array())) {
        return inapplicable(fmt::format("there is no mapping or list \"{}\" on the way of \"{}\"",
                                        step.substr(0, shown_path_max), field));
      }
      holder = *next;
    }
    return Place{.holder = holder, .key = std::move(steps.back()), .depth = steps.size()};
  }

  // What is there; null for what a mapping does not have.
  static Result<Value*> value_at(const Place& place) {
    if (Object* members = place.holder->as_object()) return members->find(place.key);
    Array& items = *place.holder->as_array();
    const auto position = position_among(items.size(), place.key);
    if (!position) return inapplicable(no_position(place.key, items.size()));
    return &items[*position];
  }

  [[nodiscard]] std::unexpected<Error> too_deep() const {
    return inapplicable(fmt::format("it nests more than {} levels deep", limits_.depth));
  }

  static std::string no_position(std::string_view key, std::size_t count) {
    return fmt::format("\"{}\" is no position in a list of {}", key.substr(0, shown_path_max),
                       count);
  }

  Result<void> add(const Place& place, Value value) const {
    if (place.depth + extent_of(value).height > limits_.depth) return too_deep();
    if (Object* members = place.holder->as_object()) {
      members->set(place.key, std::move(value));
      return {};
    }
    Array& items = *place.holder->as_array();
    const auto position =
        place.key == "-" ? items.size() : position_among(items.size() + 1, place.key);
    if (!position) return inapplicable(no_position(place.key, items.size()));
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(*position), std::move(value));
    return {};
  }

  static Result<void> remove(const Place& place) {
    const Value* value = TRY(value_at(place));
    if (value == nullptr) return inapplicable("there is nothing to remove");
    if (Object* members = place.holder->as_object()) {
      members->erase(place.key);
      return {};
    }
    Array& items = *place.holder->as_array();
    items.erase(items.begin() + (value - items.data()));
    return {};
  }

  Result<void> replace(const JsonPatchOperation& operation) const {
    if (operation.path == "") {
      if (!operation.value.is_object() && !operation.value.is_array()) {
        return inapplicable("the whole document can be replaced by a mapping or list only");
      }
      document_ = operation.value;
      return {};
    }
    const Place place = TRY(place_at(operation.path, "path"));
    Value* value = TRY(value_at(place));
    if (value == nullptr) return add(place, operation.value);
    if (place.depth + extent_of(operation.value).height > limits_.depth) return too_deep();
    *value = operation.value;
    return {};
  }

  Result<void> test(const JsonPatchOperation& operation) const {
    const Value* value = &document_;
    if (operation.path != "") {
      const Place place = TRY(place_at(operation.path, "path"));
      value = TRY(value_at(place));
    }
    if (value == nullptr ? operation.value.is_null() : *value == operation.value) return {};
    // Without the values, which may be secret.
    return inapplicable("the value there is another");
  }

  Result<void> transfer(const JsonPatchOperation& operation) {
    const Place from = TRY(place_at(operation.from, "from"));
    Value* source = TRY(value_at(from));
    Value value;
    if (operation.op == "move") {
      if (source == nullptr) return inapplicable("there is nothing to move");
      value = std::move(*source);
      TRY(remove(from));
    } else if (source != nullptr) {
      TRY(spend(extent_of(*source)));
      value = *source;
    }
    return add(TRY(place_at(operation.path, "path")), std::move(value));
  }

  // Otherwise each copy of a document into itself would double it.
  Result<void> spend(const Extent& extent) {
    copied_.nodes += extent.nodes;
    copied_.bytes += extent.bytes;
    if (copied_.nodes <= limits_.nodes && copied_.bytes <= limits_.bytes.count()) return {};
    return inapplicable(fmt::format("the patch copies more than {} values or {}", limits_.nodes,
                                    to_string(limits_.bytes)));
  }

  Value& document_;
  const DocumentLimits& limits_;
  Extent copied_{.nodes = 0};
};

std::string shown_operation(const JsonPatch& patch, std::size_t index) {
  const JsonPatchOperation& operation = patch.operations[index];
  return fmt::format("{}operation {} ({} {})", at_line(patch.name, operation.line), index + 1,
                     operation.op.empty() ? "no op" : operation.op.substr(0, shown_path_max),
                     operation.path.value_or("without path").substr(0, shown_path_max));
}

}  // namespace

Result<JsonPatch> read_json_patch(std::string_view text, std::string_view name,
                                  const DocumentLimits& limits) {
  const Value document = TRY(read_patch_document(text, name, limits));
  JsonPatch patch{.name = std::string(name)};
  if (document.is_null()) return patch;
  const auto wrong = [&](const Value& value, std::string_view what) {
    return fail(ErrorKind::invalid, fmt::format("{}{}, not {}", at_line(name, value.line()), what,
                                                to_string(value.kind())));
  };
  if (!document.is_array()) return wrong(document, "a JSON patch must be a list of operations");
  for (const Value& item : *document.as_array()) {
    if (!item.is_object() && !item.is_null()) {
      return wrong(item, "an operation of a JSON patch must be a mapping");
    }
    patch.operations.push_back(operation_in(item));
  }
  return patch;
}

Result<void> apply_json_patch(Value& document, const JsonPatch& patch,
                              const DocumentLimits& limits) {
  if (!document.is_object() && !document.is_array()) {
    return inapplicable(fmt::format("{}: only a mapping or list can be patched, not {}", patch.name,
                                    to_string(document.kind())));
  }
  JsonPatchRun run(document, limits);
  for (std::size_t index = 0; index < patch.operations.size(); ++index) {
    if (auto applied = run.apply(patch.operations[index]); !applied) {
      return std::unexpected(with_context(shown_operation(patch, index), applied.error()));
    }
  }
  return {};
}

}  // namespace primocane
