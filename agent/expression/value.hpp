// SPDX-License-Identifier: Apache-2.0
// CelValue: what the parts of an expression are worth while it is evaluated. Values that were read
// from a document are looked at where they lie, and not copied.
#pragma once

#include "base/error.hpp"
#include "document/rfc3339.hpp"
#include "document/value.hpp"
#include "expression/budget.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace primocane {

class CelValue;

/// CEL's types; of lists, mappings and optionals without what is in them.
enum class CelKind : std::uint8_t {
  null,
  boolean,
  integer,
  unsigned_integer,
  real,
  text,
  bytes,
  timestamp,
  duration,
  list,
  map,
  type,
  optional,
  any,  ///< "dyn": a type that no value has
};

/// The name that CEL gives the type: "int", "string", "google.protobuf.Duration", ...
[[nodiscard]] std::string_view to_string(CelKind kind);

/// The type that an expression names so, if there is one; "dyn" is none.
[[nodiscard]] std::optional<CelKind> cel_kind_named(std::string_view name);

/// A string, UTF-8: of the document or the expression if it has no owner.
struct CelText {
  std::shared_ptr<const std::string> owner{};
  std::string_view view{};
};

struct CelBytes {
  CelText bytes{};
};

struct CelTimestamp {
  Instant instant{};
  std::int32_t offset = 0;  ///< seconds east of UTC: how it was written, for its text alone
};

struct CelDuration {
  std::int64_t nanoseconds = 0;
};

/// A list: of the document, or made by the expression.
struct CelList {
  const Array* read = nullptr;
  std::shared_ptr<const std::vector<CelValue>> made{};

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] CelValue at(std::size_t index) const;
};

/// A mapping: of the document, with strings as keys, or made by the expression, with any keys, each
/// once.
struct CelMap {
  using Entry = std::pair<CelValue, CelValue>;

  const Object* read = nullptr;
  std::shared_ptr<const std::vector<Entry>> made{};

  [[nodiscard]] std::size_t size() const;
  /// In the order in which they were added.
  [[nodiscard]] CelValue key_at(std::size_t index) const;
  [[nodiscard]] CelValue value_at(std::size_t index) const;
};

struct CelOptional {
  std::shared_ptr<const CelValue> value{};  ///< null for optional.none()
};

/// One value. Copies are cheap: they share what is big.
class CelValue {
 public:
  CelValue() = default;
  // NOLINTBEGIN(google-explicit-constructor): implicit, so that results are written as they are.
  template <std::same_as<bool> Boolean>
  CelValue(Boolean value) : data_(value) {}
  CelValue(std::int64_t value) : data_(value) {}
  CelValue(std::uint64_t value) : data_(value) {}
  CelValue(double value) : data_(value) {}
  CelValue(CelText value) : data_(std::move(value)) {}
  CelValue(CelBytes value) : data_(std::move(value)) {}
  CelValue(CelTimestamp value) : data_(value) {}
  CelValue(CelDuration value) : data_(value) {}
  CelValue(CelList value) : data_(std::move(value)) {}
  CelValue(CelMap value) : data_(std::move(value)) {}
  CelValue(CelKind type) : data_(type) {}
  CelValue(CelOptional value) : data_(std::move(value)) {}
  // NOLINTEND(google-explicit-constructor)

  /// The value of a node of a document, which must outlive it. A number is an integer if it is
  /// written as one of 64 bits, as in Go's unstructured objects.
  [[nodiscard]] static CelValue of(const Value& value);
  /// A new string, list, mapping or optional.
  [[nodiscard]] static CelValue text(std::string text);
  [[nodiscard]] static CelValue bytes(std::string bytes);
  [[nodiscard]] static CelValue list(std::vector<CelValue> items);
  [[nodiscard]] static CelValue map(std::vector<CelMap::Entry> entries);
  [[nodiscard]] static CelValue optional(CelValue value);

  [[nodiscard]] CelKind kind() const { return static_cast<CelKind>(data_.index()); }
  /// The alternative, or null if the value is of another kind.
  template <typename T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data_);
  }
  [[nodiscard]] bool is(CelKind kind) const { return this->kind() == kind; }
  /// Of a string or bytes; "" of others.
  [[nodiscard]] std::string_view view() const;

 private:
  // In the order of CelKind.
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, CelText, CelBytes,
               CelTimestamp, CelDuration, CelList, CelMap, CelKind, CelOptional>
      data_;
};

/// Whether they are equal (==): numbers by what they are worth whatever their types, lists and
/// mappings by their members, all else only within a type. Takes from `budget` for each part; once
/// that is exhausted the answer is false.
[[nodiscard]] bool are_equal(const CelValue& left, const CelValue& right, Budget& budget);

/// Below, equal to or above zero; an error where they have no order.
[[nodiscard]] Result<int> compare(const CelValue& left, const CelValue& right, Budget& budget);

/// The value under `key` in `map`; a number finds a whole one whatever their types.
[[nodiscard]] std::optional<CelValue> find_key(const CelMap& map, const CelValue& key,
                                               Budget& budget);

/// Whether it is its type's zero: 0, "", [], {}, null.
[[nodiscard]] bool is_zero(const CelValue& value);

}  // namespace primocane
