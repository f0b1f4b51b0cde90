// SPDX-License-Identifier: Apache-2.0
#include "document/value.hpp"

#include <algorithm>

namespace primocane {

namespace {

std::vector<const Object::Member*> sorted_members(const std::vector<Object::Member>& members) {
  std::vector<const Object::Member*> sorted;
  sorted.reserve(members.size());
  for (const Object::Member& member : members) sorted.push_back(&member);
  std::ranges::sort(sorted, {}, &Object::Member::first);
  return sorted;
}

}  // namespace

Object::Object() = default;
Object::Object(std::initializer_list<Member> members) : members_(members) {}
Object::Object(const Object&) = default;
Object::Object(Object&&) noexcept = default;
Object& Object::operator=(const Object&) = default;
Object& Object::operator=(Object&&) noexcept = default;
Object::~Object() = default;

const Value* Object::find(std::string_view key) const {
  const auto member = std::ranges::find(members_, key, &Member::first);
  return member == members_.end() ? nullptr : &member->second;
}

Value* Object::find(std::string_view key) {
  const auto member = std::ranges::find(members_, key, &Member::first);
  return member == members_.end() ? nullptr : &member->second;
}

Value& Object::operator[](std::string_view key) {
  if (Value* present = find(key)) return *present;
  return members_.emplace_back(key, Value()).second;
}

void Object::set(std::string_view key, Value value) { (*this)[key] = std::move(value); }

void Object::append(std::string key, Value value) {
  members_.emplace_back(std::move(key), std::move(value));
}

void Object::reserve(std::size_t count) { members_.reserve(count); }

bool Object::erase(std::string_view key) {
  const auto member = std::ranges::find(members_, key, &Member::first);
  if (member == members_.end()) return false;
  members_.erase(member);
  return true;
}

std::size_t Object::size() const { return members_.size(); }
bool Object::empty() const { return members_.empty(); }
std::vector<Object::Member>::const_iterator Object::begin() const { return members_.begin(); }
std::vector<Object::Member>::const_iterator Object::end() const { return members_.end(); }
std::vector<Object::Member>::iterator Object::begin() { return members_.begin(); }
std::vector<Object::Member>::iterator Object::end() { return members_.end(); }

bool Object::operator==(const Object& other) const {
  if (size() != other.size()) return false;
  if (std::ranges::equal(members_, other.members_, {}, &Member::first, &Member::first)) {
    return std::ranges::equal(members_, other.members_, {}, &Member::second, &Member::second);
  }
  // Sorted, because looking each key up would be quadratic in a mapping that a stranger wrote.
  const std::vector<const Member*> mine = sorted_members(members_);
  const std::vector<const Member*> theirs = sorted_members(other.members_);
  return std::ranges::equal(mine, theirs,
                            [](const Member* a, const Member* b) { return *a == *b; });
}

std::string_view to_string(ValueKind kind) {
  switch (kind) {
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return "a boolean";
    case ValueKind::number:
      return "a number";
    case ValueKind::string:
      return "a string";
    case ValueKind::array:
      return "a list";
    case ValueKind::object:
      return "a mapping";
  }
  return "a value";
}

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value::Value(Number number) : data_(std::move(number)) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(Array items) : data_(std::move(items)) {}
Value::Value(Object members) : data_(std::move(members)) {}

std::string_view Value::scalar_text() const {
  if (const bool* flag = as_bool(); flag != nullptr) return *flag ? "true" : "false";
  if (const Number* number = as_number(); number != nullptr) return number->text;
  if (const std::string* text = as_string(); text != nullptr) return *text;
  return {};
}

const Value* Value::find(std::string_view key) const {
  const Object* members = as_object();
  return members == nullptr ? nullptr : members->find(key);
}

}  // namespace primocane
