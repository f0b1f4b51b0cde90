// SPDX-License-Identifier: Apache-2.0
// What a Git server says first: protocol v2's capabilities, or the older protocols' list of all
// refs. Source: gitprotocol-v2(5), gitprotocol-pack(5), gitprotocol-http(5).
#pragma once

#include "base/error.hpp"
#include "source/pkt_line.hpp"
#include "source/remote_refs.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

/// The protocol that a server speaks with us.
enum class GitDialect : std::uint8_t {
  v0,  ///< versions 0 and 1, which differ by one line
  v2,
};

/// What a server can do, as far as we ask for it.
struct GitCapabilities {
  GitDialect dialect = GitDialect::v2;
  bool has_shallow = false;    ///< histories cut at a depth
  bool has_filter = false;     ///< commits without trees
  bool has_side_band = false;  ///< side-band-64k; always with v2

  bool operator==(const GitCapabilities&) const = default;
};

/// Reads a greeting piece by piece. Of a list of refs only those in `names` are kept, so that its
/// length costs no memory.
class GreetingReader {
 public:
  explicit GreetingReader(std::vector<std::string> names) : names_(std::move(names)) {}

  /// Takes the next piece. `invalid` if this is no greeting of a Git server, or one whose objects
  /// are named by SHA-256; the server's own error otherwise.
  [[nodiscard]] Result<void> add(std::string_view piece);
  [[nodiscard]] bool is_complete() const { return state_ == State::complete; }

  /// Both once it is complete; there are no refs with v2.
  [[nodiscard]] const GitCapabilities& capabilities() const { return capabilities_; }
  [[nodiscard]] RemoteRefs take_refs() { return std::move(refs_); }

 private:
  enum class State : std::uint8_t { start, service, capabilities, first_ref, refs, complete };

  [[nodiscard]] Result<void> add_line(const PktLine& line);
  [[nodiscard]] Result<void> add_first_line(const PktLine& line);
  [[nodiscard]] Result<void> add_v2_capability(std::string_view text);
  [[nodiscard]] Result<void> add_first_ref(std::string_view payload);
  [[nodiscard]] Result<void> add_ref(std::string_view text);

  std::vector<std::string> names_;
  PktLineReader lines_;
  State state_ = State::start;
  GitCapabilities capabilities_;
  RemoteRefs refs_;
};

}  // namespace primocane
