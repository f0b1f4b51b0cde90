// SPDX-License-Identifier: Apache-2.0
// FieldReader: reads the fields of kustomize's own files as Go's JSON decoder does: the names of
// fields in any case of letters, null for what is not there, no type for another.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_spec.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Whether a field that kustomize does not know is an error: in kustomization files it is, in the
/// configuration of a transformer it is passed over.
enum class UnknownFields : std::uint8_t { refused, ignored };

/// What a field that wants a string takes. In kustomization files it must be one; where kustomize
/// reads by sigs.k8s.io/yaml into its types, numbers and booleans do as well.
enum class TextFields : std::uint8_t { strings, scalars };

/// Reads values of one file. All errors are `invalid` and name file and line.
class FieldReader {
 public:
  /// The rules of kustomization files.
  explicit FieldReader(std::string path);
  FieldReader(std::string path, UnknownFields unknown, TextFields texts = TextFields::scalars);

  [[nodiscard]] const std::string& path() const { return path_; }

  /// An error about `value`.
  [[nodiscard]] std::unexpected<Error> bad(const Value& value, std::string_view message) const;
  /// "`what` must be `expected`, not a list".
  [[nodiscard]] std::unexpected<Error> bad_type(const Value& value, std::string_view what,
                                                std::string_view expected) const;

  /// The members of the mapping `value`, called `what` in messages, under the names in `known`;
  /// null is an empty mapping. Members that are null are left out.
  [[nodiscard]] Result<Object> fields(const Value& value, std::string_view what,
                                      std::span<const std::string_view> known) const;
  [[nodiscard]] Result<Object> fields(const Value& value, std::string_view what,
                                      std::initializer_list<std::string_view> known) const {
    return fields(value, what, std::span(known.begin(), known.size()));
  }

  /// The string `value`; null is "".
  [[nodiscard]] Result<std::string> text(const Value& value, std::string_view what) const;
  // The field `key` of what fields() gave; where it is missing "", false, 0 or nothing.
  [[nodiscard]] Result<std::string> text_of(const Object& fields, std::string_view key) const;
  [[nodiscard]] Result<bool> flag_of(const Object& fields, std::string_view key) const;
  [[nodiscard]] Result<std::int64_t> integer_of(const Object& fields, std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> texts_of(const Object& fields,
                                                          std::string_view key) const;
  [[nodiscard]] Result<std::map<std::string, std::string>> text_map_of(const Object& fields,
                                                                       std::string_view key) const;
  /// The items of the list; the values stay those of `fields`.
  [[nodiscard]] Result<std::span<const Value>> items_of(const Object& fields,
                                                        std::string_view key) const;

  /// The path of a field, between slashes, under `key` of what fields() gave of `item`; of at most
  /// path_steps_max steps.
  [[nodiscard]] Result<std::string> path_of(const Value& item, const Object& fields,
                                            std::string_view key) const;
  [[nodiscard]] Result<FieldSpec> field_spec(const Value& item) const;
  [[nodiscard]] Result<std::vector<FieldSpec>> field_specs_of(const Object& fields,
                                                              std::string_view key) const;

 private:
  std::string path_;
  UnknownFields unknown_;
  TextFields texts_;
};

}  // namespace primocane
