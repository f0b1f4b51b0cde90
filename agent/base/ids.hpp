// SPDX-License-Identifier: Apache-2.0
// Strong identifiers: parsed once at the border, valid ever after.
#pragma once

#include "base/error.hpp"

#include <compare>
#include <string>
#include <string_view>

namespace primocane {

/// A Git commit's object name: 40 lower-case hexadecimal digits (SHA-1).
class CommitId {
 public:
  [[nodiscard]] static Result<CommitId> parse(std::string_view text);

  [[nodiscard]] const std::string& str() const { return text_; }
  /// The first twelve digits, for people.
  [[nodiscard]] std::string_view abbreviated() const {
    return std::string_view(text_).substr(0, 12);
  }
  auto operator<=>(const CommitId&) const = default;

 private:
  explicit CommitId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A path inside a source tree: relative, normalised, "/"-separated, never leaves the tree, no
/// NUL. The tree's root is "".
class RelativePath {
 public:
  RelativePath() = default;
  /// Normalises "./a//b/../c" to "a/c". `invalid` if absolute, with NUL, longer than 4096 bytes,
  /// or if it would leave the tree.
  [[nodiscard]] static Result<RelativePath> parse(std::string_view text);
  /// `text` (which may start with "..") seen from the folder `this`; `invalid` if that leaves the
  /// tree.
  [[nodiscard]] Result<RelativePath> join(std::string_view text) const;

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool is_root() const { return text_.empty(); }
  /// The last component; "" for the root.
  [[nodiscard]] std::string_view name() const;
  /// The folder that holds it; the root for a top-level path and for the root itself.
  [[nodiscard]] RelativePath parent() const;
  auto operator<=>(const RelativePath&) const = default;

 private:
  explicit RelativePath(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Namespace and name of a Kustomization as Flux has it (kustomize.toolkit.fluxcd.io); of each set
/// of objects that is applied as one.
struct KustomizationName {
  std::string namespace_name;
  std::string name;

  auto operator<=>(const KustomizationName&) const = default;
};

/// "namespace/name".
[[nodiscard]] std::string to_string(const KustomizationName& name);

}  // namespace primocane
