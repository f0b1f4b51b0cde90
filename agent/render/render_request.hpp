// SPDX-License-Identifier: Apache-2.0
// What a renderer is asked, what it answers, and how both travel through the pipes of its box:
// one line of JSON each.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "flux/build_settings.hpp"
#include "render/kustomize.hpp"
#include "render/remote_exchange.hpp"
#include "render/rendering.hpp"
#include "resource/desired.hpp"
#include "secrets/age_identity.hpp"
#include "source/tree_shape.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

enum class RenderSource : std::uint8_t {
  commit,  ///< the box's root is a bare repository
  folder,  ///< the box's root is the tree itself
  bundle,  ///< the box's first file holds the tree (source/bundle_tree.hpp)
};

/// What to print.
enum class RenderOutput : std::uint8_t {
  desired,    ///< DesiredObjects, normalised and labelled, one line of JSON each
  resources,  ///< the objects as kustomize would print them: YAML documents
};

/// How many fields of one object can be left to others.
inline constexpr std::size_t ignored_fields_max = 1000;

/// What becomes of Secrets that SOPS encrypted and nobody decrypted.
enum class Encrypted : std::uint8_t {
  refused,  ///< with RenderOutput::desired
  kept,     ///< as they are, to see what else there is
};

struct RenderRequest {
  RenderSource source = RenderSource::commit;
  RenderOutput output = RenderOutput::desired;
  std::optional<CommitId> commit;  ///< with RenderSource::commit
  RelativePath path;               ///< of the folder to render
  KustomizationName name;          ///< whose set the objects become
  DocumentLimits limits;
  std::uint64_t objects_max = 20'000;
  std::vector<GivenRemote> remotes;  ///< what is there of what lies elsewhere
  LoadRestrictor load_restrictor = LoadRestrictor::none;
  Reorder reorder = Reorder::legacy;
  /// What encrypted files and objects are decrypted with; nothing if they are not to be. Shared, as
  /// keys are not copied.
  std::shared_ptr<const Identities> identities{};
  Encrypted encrypted = Encrypted::refused;
  /// What a Kustomization of Flux adds; nothing for what kustomize itself builds.
  std::optional<BuildSettings> build{};
  /// What its source takes of the tree; nothing for all of it, as kustomize reads it
  /// (request_shape.hpp).
  std::optional<TreeShape> shape{};
};

/// The request as one line of JSON, without the newline. It may hold keys: whoever is done with it
/// wipes it.
[[nodiscard]] std::string write_render_request(const RenderRequest& request);
[[nodiscard]] Result<RenderRequest> read_render_request(std::string_view line);

/// Takes the lines that a renderer prints with RenderOutput::desired: one per object, then one
/// that ends the answer with a count or an error; or a single one that says what it needs from
/// elsewhere (write_remote_needs()). Whatever is missing or odd is `invalid`: the child is not
/// trusted.
class RenderAnswerReader {
 public:
  explicit RenderAnswerReader(std::uint64_t objects_max) : objects_max_(objects_max) {}
  /// Takes the next piece of the output.
  [[nodiscard]] Result<void> add(std::string_view bytes);
  /// What is needed for an answer, once the output has ended; nothing if that is all here.
  [[nodiscard]] std::vector<RemoteNeed> take_needs() { return std::exchange(needs_, {}); }
  /// The objects, once the output has ended.
  [[nodiscard]] Result<Rendering> finish();

 private:
  [[nodiscard]] Result<void> add_line(std::string_view line);

  std::uint64_t objects_max_;
  std::string partial_line_;
  Rendering rendering_;
  std::uint64_t objects_ = 0;
  std::vector<RemoteNeed> needs_;
  std::optional<Result<std::uint64_t>> end_;
};

/// The lines themselves, as the child writes them.
[[nodiscard]] std::string write_render_object(const RenderedObject& object);
[[nodiscard]] std::string write_render_end(std::uint64_t objects);
[[nodiscard]] std::string write_render_error(const Error& error);

}  // namespace primocane
