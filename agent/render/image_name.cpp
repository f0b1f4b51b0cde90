// SPDX-License-Identifier: Apache-2.0
#include "render/image_name.hpp"

#include "document/letters.hpp"
#include "document/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view digest_mark = "@sha256:";

// Takes [a-zA-Z0-9_.{}-]* from the beginning of `text`; some tools leave a pattern with braces.
void skip_tag(std::string_view& text) {
  const auto* const end = std::ranges::find_if_not(text, [](char letter) {
    return is_letter_or_digit(letter) ||
           std::string_view("_.{}-").find(letter) != std::string_view::npos;
  });
  text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
}

// What may follow the name of an image.
bool is_tag_and_digest(std::string_view text) {
  if (text.starts_with(':')) {
    text.remove_prefix(1);
    skip_tag(text);
  }
  if (text.starts_with(digest_mark)) {
    text.remove_prefix(digest_mark.size());
    skip_tag(text);
  }
  return text.empty();
}

// A field that is left out has an empty text.
std::optional<std::string> image_text(const Value& field) {
  if (field.is_object() || field.is_array()) return std::nullopt;
  if (const std::string* text = field.as_string()) return *text;
  if (const Number* number = field.as_number()) return number->text;
  if (const bool* boolean = field.as_bool()) return *boolean ? "true" : "false";
  return std::string();
}

}  // namespace

Result<ImageRule> read_image_rule(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(value, "an item of images",
                                          {"name", "newName", "newTag", "digest", "tagSuffix"}));
  ImageRule rule;
  rule.name = TRY(reader.text_of(fields, "name"));
  rule.new_name = TRY(reader.text_of(fields, "newName"));
  rule.new_tag = TRY(reader.text_of(fields, "newTag"));
  rule.digest = TRY(reader.text_of(fields, "digest"));
  rule.tag_suffix = TRY(reader.text_of(fields, "tagSuffix"));
  rule.line = value.line();
  return rule;
}

ImageName split_image(std::string_view image) {
  // A ":" before the first "/" is that of a port.
  const std::size_t slash = image.find('/');
  const std::size_t start = slash == std::string_view::npos ? 0 : slash;
  const std::size_t colon = image.find(':', start);
  const std::size_t at = image.find('@', start);
  ImageName parts;
  parts.name = image.substr(0, std::min(colon, at));
  if (at != std::string_view::npos) parts.digest = image.substr(at + 1);
  if (colon < at) parts.tag = image.substr(colon + 1).substr(0, at - colon - 1);
  return parts;
}

Result<ImageUpdate> ImageUpdate::make(ImageRule rule, std::string_view file) {
  ImageUpdate update;
  if (!is_plain_pattern(rule.name)) {
    auto expression = RegularExpression::compile(
        fmt::format("^{}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", rule.name));
    if (!expression) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}name of the image: {}", at_line(file, rule.line),
                              expression.error().message));
    }
    update.expression_ = std::move(*expression);
  }
  update.rule_ = std::move(rule);
  return update;
}

bool ImageUpdate::is_for(std::string_view image) const {
  if (expression_) return expression_->is_found_in(image);
  const auto length = plain_match_length(rule_.name, image);
  return length && is_tag_and_digest(image.substr(*length));
}

std::string ImageUpdate::updated(std::string_view image) const {
  if (!is_for(image)) return std::string(image);
  const ImageName parts = split_image(image);
  std::string tag(parts.tag);
  std::string digest(parts.digest);
  if (!rule_.new_tag.empty() || !rule_.digest.empty()) {
    tag = rule_.new_tag;
    digest = rule_.digest;
  } else if (!rule_.tag_suffix.empty()) {
    tag += rule_.tag_suffix;
    digest.clear();
  }
  std::string result = rule_.new_name.empty() ? std::string(parts.name) : rule_.new_name;
  if (!tag.empty()) result.append(":").append(tag);
  if (!digest.empty()) result.append("@").append(digest);
  return result;
}

Result<void> ImageUpdate::update_field(Value& field) const {
  const std::optional<std::string> image = image_text(field);
  if (!image) {
    return fail(ErrorKind::invalid,
                fmt::format("the image must be a string, not {}", to_string(field.kind())));
  }
  std::string result = updated(*image);
  if (result == *image) return {};
  const std::uint32_t line = field.line();
  field = std::move(result);
  field.set_line(line);
  return {};
}

Result<void> ImageUpdate::update_containers(Value& object) const {
  constexpr std::string_view containers = "containers";
  constexpr std::string_view init_containers = "initContainers";
  if (Array* items = object.as_array()) {
    for (Value& item : *items) TRY(update_containers(item));
  }
  if (Object* members = object.as_object()) {
    for (auto& [key, member] : *members) {
      TRY(update_containers(member));
      if (key == containers || key == init_containers) TRY(update_list(member));
    }
  }
  return {};
}

Result<void> ImageUpdate::update_list(Value& containers) const {
  Array* items = containers.as_array();
  if (items == nullptr) return {};
  for (Value& container : *items) {
    if (container.is_null()) continue;
    Object* members = container.as_object();
    if (members == nullptr) {
      return fail(ErrorKind::invalid, fmt::format("a container must be a mapping, not {}",
                                                  to_string(container.kind())));
    }
    if (Value* image = members->find("image"); image != nullptr) TRY(update_field(*image));
  }
  return {};
}

bool keeps_images(const Value& object) {
  return object.text_at("kind") == "CustomResourceDefinition";
}

}  // namespace primocane
