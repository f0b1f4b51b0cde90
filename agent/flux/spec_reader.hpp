// SPDX-License-Identifier: Apache-2.0
// SpecReader: reads the fields of one of Flux's objects, as its CRD's schema would take them: a
// field of another type and one that the kind does not have are errors.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "resource/resource.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What is wrong with an object's fields: the first thing that was found. Names the object and
/// where it was written.
class SpecFault {
 public:
  explicit SpecFault(const Resource& object) : object_(object) {}
  SpecFault(const SpecFault&) = delete;
  SpecFault& operator=(const SpecFault&) = delete;
  ~SpecFault() = default;

  /// Keeps "ORIGIN: KIND NAMESPACE/NAME: `field` `message`" unless there is an error already.
  void note(std::string_view field, std::string_view message);
  /// The first error, if any; `invalid`.
  [[nodiscard]] Result<void> result() const;

 private:
  const Resource& object_;
  std::optional<Error> first_;
};

/// Reads one mapping, each field once. What is missing or null reads as nothing; what is wrong goes
/// to the fault, and reads as nothing too. When the reader ends it notes the fields that nobody has
/// read: they are none of this kind. The mapping and the fault are borrowed.
class SpecReader {
 public:
  /// The fields of `object` under `spec`.
  SpecReader(const Resource& object, SpecFault& fault);
  SpecReader(const SpecReader&) = delete;
  SpecReader& operator=(const SpecReader&) = delete;
  SpecReader(SpecReader&&) noexcept;
  SpecReader& operator=(SpecReader&&) = delete;
  ~SpecReader();

  /// Whether the mapping itself is there.
  [[nodiscard]] bool is_there() const { return mapping_ != nullptr; }
  /// "spec.dependsOn[1]".
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The value under `key`, whatever its type; null if it is missing or null.
  const Value* value(std::string_view key);
  std::string text(std::string_view key);
  /// The same; a missing or empty one is an error.
  std::string required_text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  /// As metav1.Duration takes it: "1m30s".
  std::optional<Duration> duration(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  std::map<std::string, std::string> text_map(std::string_view key);
  /// One of `words`, "" if it is missing.
  std::string word(std::string_view key, std::span<const std::string_view> words);
  SpecReader mapping(std::string_view key);
  std::vector<SpecReader> items(std::string_view key);

  /// Whether there is a value under `key`. Does not count as reading it.
  [[nodiscard]] bool has(std::string_view key) const;
  /// Reads and passes over a field that is not ours to judge.
  void pass_over(std::string_view key) { value(key); }
  /// Notes that the field `key` ("" for the mapping itself) is wrong: `message` goes on after its
  /// name.
  void wrong(std::string_view key, std::string_view message);

 private:
  SpecReader(const Value* mapping, std::string path, SpecFault& fault);
  void wrong_type(std::string_view key, const Value& value, std::string_view expected);
  [[nodiscard]] std::string path_of(std::string_view key) const;
  const Array* list(std::string_view key);

  const Value* mapping_ = nullptr;
  std::string path_;
  SpecFault* fault_;
  std::vector<std::string_view> known_;  // keys that were asked for
};

}  // namespace primocane
