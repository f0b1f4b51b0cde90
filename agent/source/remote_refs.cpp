// SPDX-License-Identifier: Apache-2.0
#include "source/remote_refs.hpp"

#include "base/letter_case.hpp"
#include "base/take_until.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace primocane {

namespace {

constexpr std::size_t sha1_digits = 40;
constexpr std::size_t sha256_digits = 64;

bool is_hexadecimal(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool holds_any(std::string_view text, std::initializer_list<std::string_view> phrases) {
  const std::string lower = in_lower_case(std::string(text));
  return std::ranges::any_of(
      phrases, [&](std::string_view phrase) { return lower.find(phrase) != std::string::npos; });
}

// Servers put no code beside their words, so the words decide what to do next.
ErrorKind kind_of(std::string_view words) {
  if (holds_any(words, {"not our ref"})) return ErrorKind::conflict;
  if (holds_any(words, {"object format"})) return ErrorKind::invalid;
  if (holds_any(words, {"denied", "not found", "not be found", "not exported", "permission",
                        "unauthorized", "forbidden", "not appear to be a git"})) {
    return ErrorKind::denied;
  }
  return ErrorKind::unavailable;
}

}  // namespace

bool is_ref_asked(const std::vector<std::string>& names, std::string_view ref) {
  return std::ranges::any_of(names, [&](const std::string& name) {
    return name == ref || (name.ends_with('/') && ref.starts_with(name));
  });
}

Result<void> keep_ref(RemoteRefs& refs, std::string_view name, RemoteRef ref) {
  if (refs.size() == remote_refs_max) {
    return fail(ErrorKind::invalid,
                fmt::format("the server shows more than {} refs of one kind", remote_refs_max));
  }
  refs.insert_or_assign(std::string(name), std::move(ref));
  return {};
}

Result<CommitId> parse_object_name(std::string_view text) {
  if (text.size() == sha256_digits && is_hexadecimal(text)) {
    return fail(ErrorKind::invalid,
                "the repository names its objects by SHA-256: only SHA-1 is served");
  }
  if (text.size() != sha1_digits || !is_hexadecimal(text)) {
    return fail(ErrorKind::invalid,
                fmt::format("expected the name of an object, got \"{}\"", printable(text, 64)));
  }
  return CommitId::parse(text);
}

Error server_error(std::string_view words) {
  return Error{kind_of(words), fmt::format("the server says \"{}\"", printable(words))};
}

std::optional<Error> error_line(const PktLine& line) {
  constexpr std::string_view mark = "ERR ";
  if (line.kind != PktKind::data || !line.payload.starts_with(mark)) return std::nullopt;
  return server_error(line.payload.substr(mark.size()));
}

std::string ls_refs_request(const std::vector<std::string>& names) {
  // No "object-format" and no "agent": a server that does not know one of them would refuse, and
  // SHA-1 is what is meant when nothing is said.
  std::string request = pkt_line("command=ls-refs\n");
  request += pkt_delimiter;
  request += pkt_line("peel\n");
  for (const std::string& name : names) request += pkt_line(fmt::format("ref-prefix {}\n", name));
  request += pkt_flush;
  return request;
}

Result<void> LsRefsReader::add(std::string_view piece) {
  lines_.add(piece);
  while (true) {
    const std::optional<PktLine> line = TRY(lines_.next());
    if (!line) return {};
    if (is_complete_ && line->kind != PktKind::response_end) {
      return fail(ErrorKind::invalid, "the server goes on after the end of its list of refs");
    }
    TRY(add_line(*line));
  }
}

Result<void> LsRefsReader::add_line(const PktLine& line) {
  switch (line.kind) {
    case PktKind::flush:
      is_complete_ = true;
      return {};
    case PktKind::response_end:
      return {};
    case PktKind::delimiter:
      return fail(ErrorKind::invalid, "expected a list of refs, got a delimiter");
    case PktKind::data:
      break;
  }
  if (const std::optional<Error> error = error_line(line)) return std::unexpected(*error);
  std::string_view rest = line.text();
  const std::string_view object = take_until(rest, ' ');
  if (object == "unborn") return {};
  CommitId id = TRY(parse_object_name(object));
  RemoteRef ref{.commit = std::move(id)};
  const std::size_t name_end = std::min(rest.find(' '), rest.size());
  const std::string_view name = rest.substr(0, name_end);
  if (name.empty()) return fail(ErrorKind::invalid, "expected a ref's name after its object");
  if (!is_ref_asked(names_, name)) return {};
  constexpr std::string_view peeled = " peeled:";
  const std::size_t at = rest.find(peeled, name_end);
  if (at != std::string_view::npos) {
    const std::string_view target = rest.substr(at + peeled.size());
    ref.tag = std::move(ref.commit);
    ref.commit = TRY(parse_object_name(target.substr(0, target.find(' '))));
  }
  return keep_ref(refs_, name, std::move(ref));
}

}  // namespace primocane
