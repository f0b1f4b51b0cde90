// SPDX-License-Identifier: Apache-2.0
#include "render/content_hash.hpp"

#include "base/sha256.hpp"
#include "document/go_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace primocane {

namespace {

constexpr std::size_t hash_length = 10;
constexpr std::string_view config_map_kind = "ConfigMap";
constexpr std::string_view secret_kind = "Secret";

// A string as encoding/json writes it, which keeps it apart from HTML.
void append_text(std::string_view text, std::string& out) {
  out += '"';
  for (std::size_t index = 0; index < text.size(); ++index) {
    const char letter = text[index];
    const std::string_view rest = text.substr(index);
    if (letter == '"' || letter == '\\') {
      out += {'\\', letter};
    } else if (const auto known = std::string_view("\b\f\n\r\t").find(letter);
               known != std::string_view::npos) {
      out += {'\\', "bfnrt"[known]};
    } else if (static_cast<unsigned char>(letter) < 0x20 || letter == '<' || letter == '>' ||
               letter == '&') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(letter));
    } else if (rest.starts_with("\u2028") || rest.starts_with("\u2029")) {
      out += rest.starts_with("\u2028") ? "\\u2028" : "\\u2029";
      index += 2;
    } else {
      out += letter;
    }
  }
  out += '"';
}

void append_members(const Object& members, std::string& out);

// Numbers have been doubles on their way, as all are in Go's any.
void append_value(const Value& value, std::string& out) {
  if (const Object* members = value.as_object()) {
    append_members(*members, out);
  } else if (const Array* items = value.as_array()) {
    out += '[';
    for (const Value& item : *items) {
      if (&item != &items->front()) out += ',';
      append_value(item, out);
    }
    out += ']';
  } else if (const std::string* text = value.as_string()) {
    append_text(*text, out);
  } else if (const Number* number = value.as_number()) {
    const auto real = go_float(number->text);
    out += real ? go_json_float(*real) : number->text;
  } else if (const bool* boolean = value.as_bool()) {
    out += *boolean ? "true" : "false";
  } else {
    out += "null";
  }
}

void append_members(const Object& members, std::string& out) {
  std::vector<const Object::Member*> sorted;
  for (const Object::Member& member : members) sorted.push_back(&member);
  std::ranges::sort(
      sorted, {}, [](const Object::Member* member) -> const std::string& { return member->first; });
  out += '{';
  for (const Object::Member* member : sorted) {
    if (member != sorted.front()) out += ',';
    append_text(member->first, out);
    out += ':';
    append_value(member->second, out);
  }
  out += '}';
}

// A field as the hash sees it: "" where it is missing, the text of a scalar, a mapping, and null
// for a list.
Value hashed_field(const Value& object, std::string_view key) {
  const Value* field = object.find(key);
  if (field == nullptr) return "";
  if (field->is_object()) return *field;
  return field->is_array() ? Value() : Value(field->scalar_text());
}

// The fields in the order of their names.
void append_field(std::string_view key, const Value& value, std::string& out) {
  out += out.empty() ? '{' : ',';
  append_text(key, out);
  out += ':';
  append_value(value, out);
}

bool is_collection(const Value* value) {
  return value != nullptr && (value->is_object() || value->is_array());
}

// kustomize means to hash the name as well, but looks for it in a field called "metadata/name".
std::string hashed_text(const Value& object, std::string_view kind) {
  const bool is_secret = kind == secret_kind;
  std::string text;
  const auto add = [&](std::string_view key) {
    append_field(key, hashed_field(object, key), text);
  };
  const auto add_collection = [&](std::string_view key) {
    if (is_collection(object.find(key))) add(key);
  };
  if (!is_secret) add_collection("binaryData");
  add("data");
  append_field("kind", kind, text);
  append_field("name", hashed_field(object, "metadata/name"), text);
  if (is_secret) {
    add_collection("stringData");
    add("type");
  }
  return text + '}';
}

// Digits that could make words become letters that can't.
char encoded(char digit) {
  constexpr std::string_view digits = "013ae";
  constexpr std::string_view letters = "ghkmt";
  const std::size_t index = digits.find(digit);
  return index == std::string_view::npos ? digit : letters[index];
}

}  // namespace

Result<std::string> content_hash(const Draft& draft) {
  const std::string_view kind = draft.id.kind.kind;
  if (kind != config_map_kind && kind != secret_kind) {
    return invalid_draft(draft, fmt::format("no hash for its name can be made of the content of "
                                            "{}: give its generator `options: "
                                            "{{disableNameSuffixHash: true}}`",
                                            kind));
  }
  std::string hash = to_hex(sha256(hashed_text(draft.object, kind))).substr(0, hash_length);
  std::ranges::transform(hash, hash.begin(), encoded);
  return hash;
}

Result<void> add_hashes(std::vector<Draft>& drafts) {
  for (Draft& draft : drafts) {
    // What a patch took the name of is refused later.
    if (!draft.needs_hash || draft.id.name.empty()) continue;
    const std::string hash = TRY(content_hash(draft));
    store_previous_id(draft);
    set_name(draft, fmt::format("{}-{}", draft.id.name, hash));
  }
  return {};
}

}  // namespace primocane
