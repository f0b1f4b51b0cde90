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
  bool is_alone = false;  // in its file
};

bool is_list(const Value& value) {
  return value.text_at("kind").ends_with("List") && value.find("items") != nullptr;
}

// kyaml/kio/byteio_reader.go, decode: what holds nothing is no object.
bool holds_nothing(const Value& value) {
  return (value.is_object() && value.as_object()->empty()) ||
         (value.is_array() && value.as_array()->empty());
}

// As JSON, in which all texts are in double quotes.
void quote_texts(Value& value) {
  value.set_spelling({.is_quoted = value.is_string()});
  if (Array* const items = value.as_array(); items != nullptr) {
    for (Value& item : *items) quote_texts(item);
  } else if (Object* const members = value.as_object(); members != nullptr) {
    for (auto& [key, member] : *members) quote_texts(member);
  }
}

// kustomize takes the items of a list as they are where it is alone in its file and of no special
// kind (kyaml/kio/byteio_reader.go), and through JSON otherwise (api/resource/factory.go).
bool keeps_spelling(const Part& list) {
  const std::string_view kind = list.value.text_at("kind");
  return list.is_alone && (kind == "List" || kind == "ResourceList");
}

// Puts the items of the list `part` behind the other parts.
Result<void> take_apart(Part part, std::deque<Part>& parts) {
  Value& items = (*part.value.as_object())["items"];
  if (items.is_null()) return {};
  Array* const list = items.as_array();
  if (list == nullptr) {
    return fail(
        ErrorKind::invalid,
        fmt::format("{}items of {} must be a list, not {}", at_line(part.origin.path, items.line()),
                    part.value.text_at("kind"), to_string(items.kind())));
  }
  const bool is_as_written = keeps_spelling(part);
  for (Value& item : *list) {
    if (item.is_null()) continue;
    if (!is_as_written) quote_texts(item);
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
  std::vector<Document> documents = TRY(read_yaml(text, path, limits));
  const bool is_alone = documents.size() == 1;
  for (Document& document : documents) {
    const Origin origin{.path = path, .document = ++number, .line = document.line};
    if (holds_nothing(document.value)) continue;
    parts.push_back({.value = std::move(document.value), .origin = origin, .is_alone = is_alone});
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
