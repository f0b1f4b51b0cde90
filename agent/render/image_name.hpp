// SPDX-License-Identifier: Apache-2.0
// The `images` field of a kustomization: names of container images and what becomes of them
// (api/internal/image, api/filters/imagetag).
#pragma once

#include "base/error.hpp"
#include "document/regular_expression.hpp"
#include "document/value.hpp"
#include "render/field_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// One item of `images` as it is written; "" where a field is not set.
struct ImageRule {
  std::string name;  ///< a pattern: for "a.b" an image "axb" is meant as well
  std::string new_name;
  std::string new_tag;
  std::string digest;
  std::string tag_suffix;
  std::uint32_t line = 0;

  bool operator==(const ImageRule&) const = default;
};

/// Reads a rule; null is one without fields. `invalid` for an unknown field or one that is no
/// string (a tag like 1.2 must be quoted).
[[nodiscard]] Result<ImageRule> read_image_rule(const Value& value, const FieldReader& reader);

/// An image's name taken apart where its tag and digest begin, which need not be well-formed.
struct ImageName {
  std::string_view name;
  std::string_view tag;     ///< without the ":"
  std::string_view digest;  ///< without the "@"

  bool operator==(const ImageName&) const = default;
};

/// The parts of `image`, as image.Split finds them.
[[nodiscard]] ImageName split_image(std::string_view image);

/// A compiled rule.
class ImageUpdate {
 public:
  /// `invalid`, with file and line, if the name is no regular expression (where kustomize crashes).
  [[nodiscard]] static Result<ImageUpdate> make(ImageRule rule, std::string_view file);

  /// Whether the rule is for `image`: its name, perhaps with a tag and a digest of SHA-256.
  [[nodiscard]] bool is_for(std::string_view image) const;

  /// What becomes of `image`: itself if the rule is not for it. A new tag replaces tag and digest,
  /// as does a new digest; a suffix, which counts only without those, drops the digest.
  [[nodiscard]] std::string updated(std::string_view image) const;

  /// Updates a field that a field specification leads to. `invalid` if it is no scalar.
  ///
  /// Known difference from kustomize: what it makes stays a string even if it reads as something
  /// else in YAML ("newName: '123'").
  [[nodiscard]] Result<void> update_field(Value& field) const;

  /// Updates the images in all lists of `object` that are called containers or initContainers,
  /// however deep (imagetag.LegacyFilter); kustomize does this before it visits the field
  /// specifications, so that a suffix is added twice to the images of both. `invalid` if such a
  /// list holds something else than mappings and nulls, or an image is no scalar.
  [[nodiscard]] Result<void> update_containers(Value& object) const;

 private:
  ImageUpdate() = default;

  Result<void> update_list(Value& containers) const;

  ImageRule rule_;
  std::optional<RegularExpression> expression_;  // nothing if the name is plain
};

/// Whether images of `object` are left alone whatever the rules say: those of custom resources'
/// definitions are. Both ways of finding images are to ask it.
[[nodiscard]] bool keeps_images(const Value& object);

}  // namespace primocane
