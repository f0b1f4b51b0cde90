// SPDX-License-Identifier: Apache-2.0
// FieldSpec: which fields of which kinds a transformer changes (kustomize api/types/fieldspec.go,
// api/filters/fieldspec).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class CreateField : std::uint8_t { no, yes };

/// A field of the objects of a kind. Lists on the way are passed through to all of their items.
struct FieldSpec {
  std::string group;    ///< "" for any
  std::string version;  ///< "" for any
  std::string kind;     ///< "" for any
  std::string path;     ///< "spec/template/metadata/labels"; "\/" is a slash in a key
  CreateField create = CreateField::no;  ///< with what is missing on the way to it

  bool operator==(const FieldSpec&) const = default;
};

/// How many steps the path of a field may have.
inline constexpr std::size_t path_steps_max = 100;

/// The steps of a path between slashes; "\/" is a slash in one, and the first character may be a
/// slash (kyaml utils, PathSplitter).
[[nodiscard]] std::vector<std::string> split_path(std::string_view path);

/// Whether `spec` speaks of objects of that kind.
[[nodiscard]] bool is_selected(const FieldSpec& spec, const VersionedKind& kind);

/// What a missing or null field becomes when it is made.
enum class MadeField : std::uint8_t { nothing, mapping, text };

using FieldVisitor = std::function<Result<void>(Value&)>;

/// Calls `visit` with each field of `draft` at `spec`'s path; its kind is not looked at. Fields
/// that are missing are made where `spec` says so, else left out. `invalid` if there is a scalar
/// on the way, or if `visit` fails; the message names the object and the path.
[[nodiscard]] Result<void> visit_fields(Draft& draft, const FieldSpec& spec, MadeField made,
                                        const FieldVisitor& visit);

/// `specs` and those of `more` that are not among them yet (FsSlice.MergeAll). `invalid` if one is
/// in both but is to be created in one only.
[[nodiscard]] Result<std::vector<FieldSpec>> merge_specs(std::vector<FieldSpec> specs,
                                                         const std::vector<FieldSpec>& more);

}  // namespace primocane
