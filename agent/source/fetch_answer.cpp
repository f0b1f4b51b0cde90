// SPDX-License-Identifier: Apache-2.0
#include "source/fetch_answer.hpp"

#include "source/printable.hpp"
#include "source/remote_refs.hpp"

#include <fmt/format.h>

#include <optional>

namespace primocane {

namespace {

// Each costs memory here; a history of the depth that we ask for has far fewer ends.
constexpr std::size_t shallow_max = 100'000;

std::unexpected<Error> unexpected_line(std::string_view expected, const PktLine& line) {
  const std::string got = line.kind == PktKind::data
                              ? fmt::format("\"{}\"", printable(line.payload, 60))
                              : std::string("the end of the section");
  return fail(ErrorKind::invalid,
              fmt::format("expected {} from the Git server, got {}", expected, got));
}

bool is_acknowledgment(std::string_view text) { return text == "NAK" || text.starts_with("ACK "); }

}  // namespace

FetchAnswerReader::FetchAnswerReader(GitDialect dialect, bool has_limits)
    : state_(dialect == GitDialect::v2 ? State::section
             : has_limits              ? State::shallow_lines
                                       : State::v0_acknowledgment) {}

Result<std::string> FetchAnswerReader::add(std::string_view piece) {
  std::string pack;
  pack.reserve(piece.size());
  lines_.add(piece);
  while (true) {
    const std::optional<PktLine> line = TRY(lines_.next());
    if (!line) return pack;
    TRY(add_line(*line, pack));
  }
}

Result<void> FetchAnswerReader::add_line(const PktLine& line, std::string& pack) {
  if (const std::optional<Error> error = error_line(line)) return std::unexpected(*error);
  switch (state_) {
    case State::section:
      return begin_section(line);
    case State::acknowledgments:
      return add_acknowledgment(line);
    case State::shallow_info:
      return add_shallow(line, PktKind::delimiter, State::section);
    case State::shallow_lines:
      return add_shallow(line, PktKind::flush, State::v0_acknowledgment);
    case State::v0_acknowledgment:
      return add_v0_acknowledgment(line, pack);
    case State::pack:
      return add_band(line, pack);
    case State::complete:
      break;
  }
  if (line.kind == PktKind::response_end) return {};
  return fail(ErrorKind::invalid, "the Git server goes on after the end of the pack");
}

Result<void> FetchAnswerReader::begin_section(const PktLine& line) {
  const std::string_view name = line.kind == PktKind::data ? line.text() : std::string_view();
  if (name == "packfile") {
    state_ = State::pack;
  } else if (name == "shallow-info") {
    state_ = State::shallow_info;
  } else if (name == "acknowledgments") {
    state_ = State::acknowledgments;
  } else {
    return unexpected_line("a pack", line);
  }
  return {};
}

Result<void> FetchAnswerReader::add_acknowledgment(const PktLine& line) {
  if (line.kind == PktKind::delimiter) {
    state_ = State::section;
    return {};
  }
  const std::string_view text = line.kind == PktKind::data ? line.text() : std::string_view();
  if (is_acknowledgment(text) || text == "ready") return {};
  return unexpected_line("an acknowledgment", line);
}

Result<void> FetchAnswerReader::add_shallow(const PktLine& line, PktKind end, State next) {
  if (line.kind == end) {
    state_ = next;
    return {};
  }
  constexpr std::string_view shallow = "shallow ";
  constexpr std::string_view unshallow = "unshallow ";
  const std::string_view text = line.kind == PktKind::data ? line.text() : std::string_view();
  if (text.starts_with(unshallow)) {
    TRY(parse_object_name(text.substr(unshallow.size())));
    return {};
  }
  if (!text.starts_with(shallow)) return unexpected_line("an end of the history", line);
  if (shallow_.size() >= shallow_max) {
    return fail(
        ErrorKind::invalid,
        fmt::format("the history has more than {} ends within the fetched depth", shallow_max));
  }
  shallow_.push_back(TRY(parse_object_name(text.substr(shallow.size()))));
  return {};
}

Result<void> FetchAnswerReader::add_v0_acknowledgment(const PktLine& line, std::string& pack) {
  if (line.kind != PktKind::data) return unexpected_line("an acknowledgment", line);
  if (is_acknowledgment(line.text())) return {};
  state_ = State::pack;
  return add_band(line, pack);
}

Result<void> FetchAnswerReader::add_band(const PktLine& line, std::string& pack) {
  if (line.kind == PktKind::flush) {
    state_ = State::complete;
    return {};
  }
  if (line.kind != PktKind::data || line.payload.empty()) {
    return unexpected_line("a piece of the pack", line);
  }
  const std::string_view bytes = line.payload.substr(1);
  switch (line.payload.front()) {
    case '\1':
      pack += bytes;
      return {};
    case '\2':  // progress, or a sign of life
      return {};
    case '\3':
      return std::unexpected(server_error(bytes));
    default:
      return unexpected_line("a piece of the pack", line);
  }
}

}  // namespace primocane
