// SPDX-License-Identifier: Apache-2.0
// Reads the answer to a fetch as it arrives and takes the pack out of it.
// Source: gitprotocol-v2(5) "fetch", gitprotocol-pack(5) "Packfile Data".
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/git_greeting.hpp"
#include "source/pkt_line.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A streaming parser. The pack's bytes are handed out as they come and not kept.
class FetchAnswerReader {
 public:
  /// `dialect` is that of the request, `has_limits` whether it held "deepen" (v0 announces its
  /// cuts then).
  FetchAnswerReader(GitDialect dialect, bool has_limits);

  /// Takes the next piece and returns the bytes of the pack that it held. `invalid` if this is no
  /// answer to a fetch; the server's own error otherwise.
  [[nodiscard]] Result<std::string> add(std::string_view piece);
  [[nodiscard]] bool is_complete() const { return state_ == State::complete; }

  /// Commits whose parents are not in the pack, by the server's words.
  [[nodiscard]] const std::vector<CommitId>& shallow() const { return shallow_; }

 private:
  enum class State : std::uint8_t {
    section,            ///< v2: the name of a section comes next
    acknowledgments,    ///< v2: ACK, NAK and ready, until a delimiter
    shallow_info,       ///< v2: until a delimiter
    shallow_lines,      ///< v0: until a flush
    v0_acknowledgment,  ///< v0: ACK or NAK, until the pack begins
    pack,               ///< bands, until a flush
    complete,
  };

  [[nodiscard]] Result<void> add_line(const PktLine& line, std::string& pack);
  [[nodiscard]] Result<void> begin_section(const PktLine& line);
  [[nodiscard]] Result<void> add_shallow(const PktLine& line, PktKind end, State next);
  [[nodiscard]] Result<void> add_acknowledgment(const PktLine& line);
  [[nodiscard]] Result<void> add_v0_acknowledgment(const PktLine& line, std::string& pack);
  [[nodiscard]] Result<void> add_band(const PktLine& line, std::string& pack);

  State state_;
  PktLineReader lines_;
  std::vector<CommitId> shallow_;
};

}  // namespace primocane
