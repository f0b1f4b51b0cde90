// SPDX-License-Identifier: Apache-2.0
#include "flux/spec_reader.hpp"

#include "base/quantity.hpp"
#include "document/schema_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace primocane {

void SpecFault::note(std::string_view field, std::string_view message) {
  if (first_) return;
  const ResourceId& id = object_.id;
  first_ = Error{ErrorKind::invalid, fmt::format("{}: {}: {} {}", to_string(object_.origin),
                                                 to_string(id), field, message)};
}

Result<void> SpecFault::result() const {
  if (first_) return std::unexpected(*first_);
  return {};
}

SpecReader::SpecReader(const Value* mapping, std::string path, SpecFault& fault)
    : mapping_(mapping), path_(std::move(path)), fault_(&fault) {
  if (mapping_ == nullptr || mapping_->is_object()) return;
  fault_->note(path_, fmt::format("must be a mapping, not {}", to_string(mapping_->kind())));
  mapping_ = nullptr;
}

SpecReader::SpecReader(const Resource& object, SpecFault& fault)
    : SpecReader(object.object.find("spec"), "spec", fault) {}

SpecReader::SpecReader(SpecReader&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      path_(std::move(other.path_)),
      fault_(other.fault_),
      known_(std::move(other.known_)) {}

SpecReader::~SpecReader() {
  if (mapping_ == nullptr) return;
  for (const auto& [key, value] : *mapping_->as_object()) {
    if (std::ranges::find(known_, key) != known_.end()) continue;
    const std::string_view meant = nearest(key, known_);
    fault_->note(path_of(key), meant.empty() ? std::string("is no field of this kind")
                                             : fmt::format("is no field of this kind; did you mean "
                                                           "\"{}\"?",
                                                           meant));
  }
}

std::string SpecReader::path_of(std::string_view key) const {
  return key.empty() ? path_ : fmt::format("{}.{}", path_, key);
}

void SpecReader::wrong(std::string_view key, std::string_view message) {
  fault_->note(path_of(key), message);
}

void SpecReader::wrong_type(std::string_view key, const Value& value, std::string_view expected) {
  wrong(key, fmt::format("must be {}, not {}", expected, to_string(value.kind())));
}

bool SpecReader::has(std::string_view key) const {
  const Value* found = mapping_ == nullptr ? nullptr : mapping_->find(key);
  return found != nullptr && !found->is_null();
}

const Value* SpecReader::value(std::string_view key) {
  known_.push_back(key);
  return has(key) ? mapping_->find(key) : nullptr;
}

std::string SpecReader::text(std::string_view key) {
  const Value* found = value(key);
  if (found == nullptr) return {};
  if (const std::string* text = found->as_string()) return *text;
  wrong_type(key, *found, "a string");
  return {};
}

std::string SpecReader::required_text(std::string_view key) {
  std::string found = text(key);
  if (found.empty()) wrong(key, "is missing");
  return found;
}

std::optional<bool> SpecReader::flag(std::string_view key) {
  const Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (const bool* flag = found->as_bool()) return *flag;
  wrong_type(key, *found, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> SpecReader::integer(std::string_view key) {
  const Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  if (const Number* number = found->as_number()) {
    std::int64_t result = 0;
    const char* end = number->text.data() + number->text.size();
    const auto [stop, error] = std::from_chars(number->text.data(), end, result);
    if (error == std::errc() && stop == end) return result;
  }
  wrong_type(key, *found, "a whole number");
  return std::nullopt;
}

std::optional<Duration> SpecReader::duration(std::string_view key) {
  const Value* found = value(key);
  if (found == nullptr) return std::nullopt;
  const std::string* text = found->as_string();
  if (text == nullptr) {
    wrong_type(key, *found, "a duration such as \"10m\"");
    return std::nullopt;
  }
  const Result<Duration> read = parse_duration(*text);
  if (read) return *read;
  wrong(key, read.error().message);
  return std::nullopt;
}

const Array* SpecReader::list(std::string_view key) {
  const Value* found = value(key);
  if (found == nullptr) return nullptr;
  const Array* items = found->as_array();
  if (items == nullptr) wrong_type(key, *found, "a list");
  return items;
}

std::vector<std::string> SpecReader::texts(std::string_view key) {
  std::vector<std::string> texts;
  const Array* items = list(key);
  if (items == nullptr) return texts;
  for (const Value& item : *items) {
    if (const std::string* text = item.as_string()) {
      texts.push_back(*text);
    } else {
      wrong_type(key, item, "a list of strings; one is");
    }
  }
  return texts;
}

std::map<std::string, std::string> SpecReader::text_map(std::string_view key) {
  std::map<std::string, std::string> texts;
  const Value* found = value(key);
  if (found == nullptr) return texts;
  const Object* members = found->as_object();
  if (members == nullptr) {
    wrong_type(key, *found, "a mapping of strings");
    return texts;
  }
  for (const auto& [name, member] : *members) {
    if (const std::string* text = member.as_string()) {
      texts.insert_or_assign(name, *text);
    } else if (!member.is_null()) {
      wrong(fmt::format("{}.{}", key, name),
            fmt::format("must be a string, not {}; put it in quotes", to_string(member.kind())));
    } else {
      texts.insert_or_assign(name, std::string());
    }
  }
  return texts;
}

std::string SpecReader::word(std::string_view key, std::span<const std::string_view> words) {
  std::string found = text(key);
  if (found.empty() || std::ranges::find(words, found) != words.end()) return found;
  std::string expected;
  for (const std::string_view known : words) {
    expected += expected.empty() ? std::string(known) : fmt::format(", {}", known);
  }
  wrong(key, fmt::format("must be one of {}, not \"{}\"", expected, found));
  return {};
}

SpecReader SpecReader::mapping(std::string_view key) { return {value(key), path_of(key), *fault_}; }

std::vector<SpecReader> SpecReader::items(std::string_view key) {
  std::vector<SpecReader> readers;
  const Array* items = list(key);
  if (items == nullptr) return readers;
  readers.reserve(items->size());
  for (const Value& item : *items) {
    readers.push_back(
        SpecReader(&item, fmt::format("{}[{}]", path_of(key), readers.size()), *fault_));
  }
  return readers;
}

}  // namespace primocane
