// SPDX-License-Identifier: Apache-2.0
// The refs that a server shows: the answer to protocol v2's ls-refs, and lines of the older
// protocols' advertisement. Source: gitprotocol-v2(5), gitprotocol-pack(5).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/pkt_line.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// What a ref points to in the end, and the tag object that it points to first, if it does.
struct RemoteRef {
  CommitId commit;
  std::optional<CommitId> tag = std::nullopt;

  bool operator==(const RemoteRef&) const = default;
};

/// The refs that were asked for, by full name ("refs/heads/main").
using RemoteRefs = std::map<std::string, RemoteRef, std::less<>>;

/// More refs than this are not kept, whoever shows them.
inline constexpr std::size_t remote_refs_max = 100'000;

/// Whether `ref` is one of `names`: of one that ends in "/" all that begin with it are.
[[nodiscard]] bool is_ref_asked(const std::vector<std::string>& names, std::string_view ref);

/// Adds `ref` to `refs`; `invalid` if there are too many.
[[nodiscard]] Result<void> keep_ref(RemoteRefs& refs, std::string_view name, RemoteRef ref);

/// What is in `text`: an object's name, 40 hexadecimal digits. `invalid` for anything else; says so
/// when the repository uses SHA-256, which is not served.
[[nodiscard]] Result<CommitId> parse_object_name(std::string_view text);

/// The error that a server's own words ("ERR ...", band 3) stand for.
[[nodiscard]] Error server_error(std::string_view words);

/// The message of an "ERR" line, if `line` is one.
[[nodiscard]] std::optional<Error> error_line(const PktLine& line);

/// One request of `ls-refs` for refs that begin with one of `names`, in protocol v2. It needs no
/// capability of the server but v2 itself.
[[nodiscard]] std::string ls_refs_request(const std::vector<std::string>& names);

/// Reads the answer to ls_refs_request() piece by piece and keeps the refs that were asked for
/// (is_ref_asked()): servers may show others.
class LsRefsReader {
 public:
  explicit LsRefsReader(std::vector<std::string> names) : names_(std::move(names)) {}

  /// Takes the next piece. `invalid` if it is no such answer; the server's own error otherwise.
  [[nodiscard]] Result<void> add(std::string_view piece);
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  /// What was found, once complete.
  [[nodiscard]] RemoteRefs take_refs() { return std::move(refs_); }

 private:
  [[nodiscard]] Result<void> add_line(const PktLine& line);

  std::vector<std::string> names_;
  PktLineReader lines_;
  RemoteRefs refs_;
  bool is_complete_ = false;
};

}  // namespace primocane
