// SPDX-License-Identifier: Apache-2.0
// What the boxed child that handles fetched objects is asked, what it answers, and how both travel
// through its pipes: one line of JSON each. A pack that is to be indexed follows its request.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/bundle_work.hpp"
#include "source/signed_content.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace primocane {

/// Index the pack that follows into the box's root, and look at the history in it.
struct IndexPack {
  CommitId tip;                    ///< must be in the pack
  std::vector<CommitId> look_for;  ///< among the ancestors of `tip` that the pack shows
  ByteCount pack_max;
  std::uint64_t objects_max = 0;

  bool operator==(const IndexPack&) const = default;
};

enum class CheckDepth : std::uint8_t {
  presence,  ///< every object of the commit is there
  content,   ///< and can be read, up to blob_max
};

/// Say whether the mirror that is the box's root holds `commit` with all of its tree.
struct CheckCommit {
  CommitId commit;
  CheckDepth depth = CheckDepth::presence;
  ByteCount blob_max;  ///< larger files are not read by anybody

  bool operator==(const CheckCommit&) const = default;
};

/// Say what is signed of a commit or an annotated tag of the mirror that is the box's root.
struct ReadSigned {
  CommitId object;
  bool is_tag = false;

  bool operator==(const ReadSigned&) const = default;
};

using PackRequest = std::variant<IndexPack, CheckCommit, BundleCommit, BundlePart, ComposeCommit,
                                 ListSubmodules, ReadSigned>;

/// A pack that was indexed: pack-<name>.pack and pack-<name>.idx.
struct IndexedPack {
  std::string name;  ///< 40 hexadecimal digits
  std::uint64_t objects = 0;
  ByteCount pack_size;
  ByteCount index_size;
  /// Steps from the tip to each of IndexPack::look_for, absent where none leads there.
  std::vector<std::optional<std::uint64_t>> distances;
  /// Whether some parents are not in the pack, so that there may be more history.
  bool is_cut = false;
  WallTime committed_at{};  ///< of the tip

  bool operator==(const IndexedPack&) const = default;
};

/// A commit that is there with all that it holds.
struct CompleteCommit {
  WallTime committed_at{};

  bool operator==(const CompleteCommit&) const = default;
};

/// A commit that is not, or not whole.
struct IncompleteCommit {
  std::string reason;

  bool operator==(const IncompleteCommit&) const = default;
};

/// With a SignedContent a request ReadSigned is answered, with an IncompleteCommit if there is
/// none.
using PackAnswer = std::variant<IndexedPack, CompleteCommit, IncompleteCommit, SignedContent,
                                SubmoduleList, Error>;

/// The request as one line of JSON, without the newline.
[[nodiscard]] std::string write_pack_request(const PackRequest& request);
[[nodiscard]] Result<PackRequest> read_pack_request(std::string_view line);

/// The answer likewise. Whatever is odd in one is `invalid`: the child is not trusted.
[[nodiscard]] std::string write_pack_answer(const PackAnswer& answer);
[[nodiscard]] Result<PackAnswer> read_pack_answer(std::string_view line);

}  // namespace primocane
