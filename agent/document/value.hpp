// SPDX-License-Identifier: Apache-2.0
// Value: a JSON-shaped value whose mappings keep the order of their keys and whose nodes know the
// line they were read from. What every document is read into and written from.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace primocane {

class Value;

/// A number as its JSON text ("1", "-0.5", "1e+21"): integers beyond 2^53 and decimals survive
/// unchanged. Two numbers are equal when their texts are.
struct Number {
  std::string text;

  bool operator==(const Number&) const = default;
};

using Array = std::vector<Value>;

/// A mapping from unique keys to values in the order in which they were added.
class Object {
 public:
  using Member = std::pair<std::string, Value>;

  Object();
  Object(std::initializer_list<Member> members);
  Object(const Object&);
  Object(Object&&) noexcept;
  Object& operator=(const Object&);
  Object& operator=(Object&&) noexcept;
  ~Object();

  /// The value under `key`, or null if there is none. Valid until the object changes.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
  /// The value under `key`, added as null at the end if there is none.
  Value& operator[](std::string_view key);
  /// Sets `key` to `value`, in place if it is there, else at the end.
  void set(std::string_view key, Value value);
  /// Adds a member without looking for the key: the caller knows that it is new.
  void append(std::string key, Value value);
  /// Makes room for `count` members.
  void reserve(std::size_t count);
  /// Removes `key`; true if it was there.
  bool erase(std::string_view key);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::vector<Member>::const_iterator begin() const;
  [[nodiscard]] std::vector<Member>::const_iterator end() const;
  [[nodiscard]] std::vector<Member>::iterator begin();
  [[nodiscard]] std::vector<Member>::iterator end();

  /// Equal members, whatever their order.
  bool operator==(const Object& other) const;

 private:
  std::vector<Member> members_;
};

enum class ValueKind : std::uint8_t { null, boolean, number, string, array, object };

/// The word for `kind` in messages: "null", "a boolean", "a number", "a string", "a list",
/// "a mapping".
[[nodiscard]] std::string_view to_string(ValueKind kind);

/// How a scalar was written where its JSON value does not tell: kustomize copies texts of scalars
/// into others, and knows more types than JSON (written_scalar.hpp). The text of those that are
/// `lost` is not known any more.
enum class Writing : std::uint8_t {
  as_json,      ///< a string, or a word or number as JSON writes it
  nothing,      ///< a null that was left out
  tilde,        ///< "~"
  capitalized,  ///< "True", "False", "Null"
  upper_case,   ///< "TRUE", "FALSE", "NULL"
  real,         ///< a real number as JSON writes it, followed by `zeros` zeros: "1.10", "2.0"
  octal,        ///< an integer in octal digits behind `zeros` zeros: "0644"
  date,         ///< a timestamp without time: "2001-12-14"
  time,         ///< a timestamp in its RFC 3339 form
  lost_integer,
  lost_real,
  lost_time,
};

/// How a scalar is written. `plain` is also the answer where nothing is written at all.
enum class ScalarForm : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

struct Spelling {
  Writing writing = Writing::as_json;
  std::uint8_t zeros = 0;
  bool is_quoted : 1 = false;    ///< a scalar that replaces it in a merge becomes a string
  bool is_untagged : 1 = false;  ///< made without a type: what it becomes decides the type
  bool is_flow : 1 = false;      ///< a list or mapping in brackets
  // Both forms in one byte: GCC 12 makes no aggregates of enumerations in bit-fields.
  std::uint8_t forms = 0;

  [[nodiscard]] ScalarForm form() const { return static_cast<ScalarForm>(forms & 0x0FU); }
  /// That of the key in front of the value.
  [[nodiscard]] ScalarForm key_form() const { return static_cast<ScalarForm>(forms >> 4U); }
  void set_forms(ScalarForm form, ScalarForm key_form) {
    forms = static_cast<std::uint8_t>(static_cast<unsigned>(form) | static_cast<unsigned>(key_form)
                                                                        << 4U);
  }
};

/// One JSON-shaped value. A plain value type; comparison ignores lines, spelling and the order of
/// keys.
/// Strings are UTF-8. Copying, comparing and destroying recurse: whoever builds one from untrusted
/// input bounds its depth (the readers do, by DocumentLimits).
class Value {
 public:
  Value();
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  // NOLINTBEGIN(google-explicit-constructor): implicit, so that values can be written as literals.
  // Only bool itself makes a boolean: a pointer given by mistake does not compile.
  template <std::same_as<bool> Boolean>
  Value(Boolean boolean) : data_(boolean) {}
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  Value(Integer integer) : Value(Number{std::to_string(integer)}) {}
  Value(Number number);
  Value(std::string text);
  Value(std::string_view text);
  Value(const char* text);
  Value(Array items);
  Value(Object members);
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] ValueKind kind() const { return static_cast<ValueKind>(data_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == ValueKind::null; }
  [[nodiscard]] bool is_object() const { return kind() == ValueKind::object; }
  [[nodiscard]] bool is_array() const { return kind() == ValueKind::array; }
  [[nodiscard]] bool is_string() const { return kind() == ValueKind::string; }

  /// The alternative, or null if the value is of another kind.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const Number* as_number() const { return std::get_if<Number>(&data_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Array* as_array() const { return std::get_if<Array>(&data_); }
  [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&data_); }
  [[nodiscard]] std::string* as_string() { return std::get_if<std::string>(&data_); }
  [[nodiscard]] Array* as_array() { return std::get_if<Array>(&data_); }
  [[nodiscard]] Object* as_object() { return std::get_if<Object>(&data_); }

  /// Follows keys through mappings: `find("metadata", "name")`. Null as soon as one is missing.
  [[nodiscard]] const Value* find(std::string_view key) const;
  template <typename... Keys>
  [[nodiscard]] const Value* find(std::string_view key, Keys... more) const {
    const Value* next = find(key);
    return next == nullptr ? nullptr : next->find(more...);
  }
  /// The string that keys lead to, or "" when there is none or it is no string.
  template <typename... Keys>
  [[nodiscard]] std::string_view text_at(Keys... keys) const {
    const Value* value = find(keys...);
    if (value == nullptr || value->as_string() == nullptr) return {};
    return *value->as_string();
  }

  /// The text of a scalar: of null "", of a list or mapping too.
  [[nodiscard]] std::string_view scalar_text() const;

  /// The line of the document on which the value begins, from 1; 0 where it was not read from one.
  /// A list or mapping begins with its key, so that a message about it points at what it is called.
  [[nodiscard]] std::uint32_t line() const { return line_; }
  void set_line(std::uint32_t line) { line_ = line; }

  /// How it was written; as JSON unless the YAML reader said otherwise.
  [[nodiscard]] Spelling spelling() const { return spelling_; }
  void set_spelling(Spelling spelling) { spelling_ = spelling; }

  bool operator==(const Value& other) const { return data_ == other.data_; }

 private:
  std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;
  std::uint32_t line_ = 0;
  Spelling spelling_;
};

}  // namespace primocane
