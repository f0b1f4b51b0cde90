// SPDX-License-Identifier: Apache-2.0
#include "render/object_file.hpp"

#include "document/schema_reader.hpp"
#include "document/value.hpp"
#include "document/yaml_reader.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <deque>
#include <utility>

namespace primocane {

namespace {

// A value that is an object or a list of them, and where it stands.
struct Part {
  Value value;
  Origin origin;
};

bool is_list(const Value& value) {
  return value.text_at("kind").ends_with("List") && value.find("items") != nullptr;
}

// kyaml/kio/byteio_reader.go, decode: what holds nothing is no object.
bool is_empty(const Value& value) {
  return (value.is_object() && value.as_object()->empty()) ||
         (value.is_array() && value.as_array()->empty());
}

// Puts the items of the list `part` behind the other parts.
Result<void> take_apart(Part part, std::deque<Part>& parts) {
  Value& items = (*part.value.as_object())["items"];
  if (items.is_null()) return {};
  if (!items.as_array()) {
    return fail(
        ErrorKind::invalid,
        fmt::format("{}items of {} must be a list, not {}", at_line(part.origin.path, items.line()),
                    part.value.text_at("kind"), to_string(items.kind())));
  }
  for (Value& item : *items.as_array()) {
    if (item.is_null()) continue;
    Origin origin = part.origin;
    if (item.line() != 0) origin.line = item.line();
    parts.push_back({.value = std::move(item), .origin = std::move(origin)});
  }
  return {};
}

// A kustomization file is listed by its folder; as an object it is only ever meant by mistake.
Result<void> refuse_kustomization(const Part& part) {
  if (!part.value.text_at("apiVersion").starts_with("kustomize.config.k8s.io/")) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: a kustomization file is no object: list its folder instead",
                          to_string(part.origin)));
}

}  // namespace

Result<std::vector<Draft>> read_objects(std::string_view text, const std::string& path,
                                        const DocumentLimits& limits) {
  std::deque<Part> parts;
  std::uint32_t number = 0;
  for (Document& document : TRY(read_yaml(text, path, limits))) {
    const Origin origin{.path = path, .document = ++number, .line = document.line};
    if (is_empty(document.value)) continue;
    parts.push_back({.value = std::move(document.value), .origin = origin});
  }
  std::vector<Draft> drafts;
  while (!parts.empty()) {
    Part part = std::move(parts.front());
    parts.pop_front();
    if (is_list(part.value)) {
      TRY(take_apart(std::move(part), parts));
      continue;
    }
    TRY(refuse_kustomization(part));
    drafts.push_back(TRY(make_draft(std::move(part.value), std::move(part.origin))));
  }
  return drafts;
}

}  // namespace primocane
