// SPDX-License-Identifier: Apache-2.0
#include "source/git_greeting.hpp"

#include "base/take_until.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace primocane {

namespace {

Result<void> check_object_format(std::string_view format) {
  if (format == "sha1") return {};
  return fail(ErrorKind::invalid,
              fmt::format("the repository names its objects by {}: only SHA-1 is served",
                          printable(format, 20)));
}

// Calls `take` with each word of a list that spaces separate.
template <typename Take>
Result<void> for_each_word(std::string_view list, Take take) {
  while (!list.empty()) TRY(take(take_until(list, ' ')));
  return {};
}

}  // namespace

Result<void> GreetingReader::add(std::string_view piece) {
  lines_.add(piece);
  while (true) {
    const std::optional<PktLine> line = TRY(lines_.next());
    if (!line) return {};
    if (const std::optional<Error> error = error_line(*line)) return std::unexpected(*error);
    TRY(add_line(*line));
  }
}

Result<void> GreetingReader::add_line(const PktLine& line) {
  if (line.kind == PktKind::delimiter || line.kind == PktKind::response_end) {
    return fail(ErrorKind::invalid, "expected a greeting of a Git server, got a delimiter");
  }
  const bool is_flush = line.kind == PktKind::flush;
  switch (state_) {
    case State::start:
      return add_first_line(line);
    case State::service:
      if (!is_flush) break;
      state_ = State::start;
      return {};
    case State::capabilities:
      if (!is_flush) return add_v2_capability(line.text());
      state_ = State::complete;
      return {};
    case State::first_ref:
    case State::refs:
      if (is_flush) {
        state_ = State::complete;
        return {};
      }
      return state_ == State::refs ? add_ref(line.text()) : add_first_ref(line.payload);
    case State::complete:
      break;
  }
  return fail(ErrorKind::invalid, "the server's greeting has more parts than expected");
}

// "# service=git-upload-pack" (over HTTP, then a flush), "version N", or at once the first ref.
Result<void> GreetingReader::add_first_line(const PktLine& line) {
  if (line.kind == PktKind::flush) {
    // A repository without refs, from a server that shows no capabilities then.
    state_ = State::complete;
    capabilities_.dialect = GitDialect::v0;
    return {};
  }
  const std::string_view text = line.text();
  if (text == "# service=git-upload-pack") {
    state_ = State::service;
    return {};
  }
  if (text == "version 2") {
    capabilities_ = GitCapabilities{.dialect = GitDialect::v2, .has_side_band = true};
    state_ = State::capabilities;
    return {};
  }
  capabilities_.dialect = GitDialect::v0;
  state_ = State::first_ref;
  return text == "version 1" ? Result<void>() : add_first_ref(line.payload);
}

Result<void> GreetingReader::add_v2_capability(std::string_view text) {
  std::string_view value = text;
  const std::string_view key = take_until(value, '=');
  if (key == "object-format") return check_object_format(value);
  if (key != "fetch") return {};
  return for_each_word(value, [this](std::string_view feature) -> Result<void> {
    if (feature == "shallow") capabilities_.has_shallow = true;
    if (feature == "filter") capabilities_.has_filter = true;
    return {};
  });
}

Result<void> GreetingReader::add_first_ref(std::string_view payload) {
  const std::size_t nul = payload.find('\0');
  if (nul == std::string_view::npos) {
    return fail(ErrorKind::invalid, fmt::format("expected a greeting of a Git server, got \"{}\"",
                                                printable(payload, 60)));
  }
  std::string_view list = payload.substr(nul + 1);
  if (list.ends_with('\n')) list.remove_suffix(1);
  TRY(for_each_word(list, [this](std::string_view word) -> Result<void> {
    constexpr std::string_view format = "object-format=";
    if (word.starts_with(format)) return check_object_format(word.substr(format.size()));
    if (word == "shallow") capabilities_.has_shallow = true;
    if (word == "filter") capabilities_.has_filter = true;
    if (word == "side-band-64k") capabilities_.has_side_band = true;
    return {};
  }));
  state_ = State::refs;
  return add_ref(payload.substr(0, nul));
}

Result<void> GreetingReader::add_ref(std::string_view text) {
  std::string_view name = text;
  const std::string_view object = take_until(name, ' ');
  // The server itself holds a shallow history: "shallow <object>".
  if (object == "shallow") return {};
  CommitId id = TRY(parse_object_name(object));
  // "<tag>^{}" follows its tag and names the commit.
  constexpr std::string_view peeled = "^{}";
  const bool is_peeled = name.ends_with(peeled);
  if (is_peeled) name.remove_suffix(peeled.size());
  if (!is_ref_asked(names_, name)) return {};
  RemoteRef ref{.commit = std::move(id)};
  if (const auto before = refs_.find(name); is_peeled && before != refs_.end()) {
    ref.tag = std::move(before->second.commit);
    refs_.erase(before);
  }
  return keep_ref(refs_, name, std::move(ref));
}

}  // namespace primocane
