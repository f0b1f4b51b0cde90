// SPDX-License-Identifier: Apache-2.0
#include "secrets/age_header.hpp"

#include "base/take_until.hpp"
#include "secrets/age_armor.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view intro = "age-encryption.org/v1\n";
constexpr std::size_t header_max = std::size_t{64} * 1024;
constexpr std::size_t stanzas_max = 100;
constexpr std::size_t arguments_max = 20;
constexpr std::size_t body_line_bytes = 48;
constexpr std::size_t mac_size = 32;

std::unexpected<Error> bad_header(std::string_view what) {
  return fail(ErrorKind::invalid,
              std::string("the header of the age file is wrong: ").append(what));
}

// The next line; nothing without a line feed at its end.
std::optional<std::string_view> take_header_line(std::string_view& rest) {
  if (rest.find('\n') == std::string_view::npos) return std::nullopt;
  return take_until(rest, '\n');
}

// The words behind `prefix` and a space, each of printable ASCII; none if anything is odd.
std::vector<std::string> words_of(std::string_view line, std::string_view prefix) {
  std::vector<std::string> words;
  if (take_until(line, ' ') != prefix) return {};
  const auto is_visible = [](char letter) { return letter >= 33 && letter <= 126; };
  for (;;) {
    const bool is_last = line.find(' ') == std::string_view::npos;
    const std::string_view word = take_until(line, ' ');
    if (word.empty() || !std::ranges::all_of(word, is_visible)) return {};
    words.emplace_back(word);
    if (is_last) return words;
    if (words.size() > arguments_max) return {};
  }
}

Result<std::string> read_body(std::string_view& rest) {
  std::string body;
  for (;;) {
    const std::optional<std::string_view> line = take_header_line(rest);
    if (!line) return bad_header("it ends too early");
    const Result<std::string> bytes = strict_base64(*line, Padding::none);
    if (!bytes || bytes->size() > body_line_bytes) return bad_header("a line of a stanza");
    body += *bytes;
    // A body ends with a short line, if need be an empty one.
    if (bytes->size() < body_line_bytes) return body;
  }
}

}  // namespace

Result<AgeHeader> read_age_header(std::string_view file) {
  std::string_view rest = file.substr(0, header_max);
  if (!rest.starts_with(intro)) return bad_header("it does not begin with age-encryption.org/v1");
  rest.remove_prefix(intro.size());
  AgeHeader header;
  const auto position = [&] { return static_cast<std::size_t>(rest.data() - file.data()); };
  while (!rest.starts_with("---")) {
    if (header.stanzas.size() == stanzas_max) return bad_header("too many stanzas");
    const std::optional<std::string_view> line = take_header_line(rest);
    if (!line) return bad_header("it ends too early");
    std::vector<std::string> words = words_of(*line, "->");
    if (words.empty()) return bad_header("the first line of a stanza");
    AgeStanza stanza{.type = std::move(words.front()), .arguments = {}, .body = {}};
    words.erase(words.begin());
    stanza.arguments = std::move(words);
    stanza.body = TRY(read_body(rest));
    header.stanzas.push_back(std::move(stanza));
  }
  if (header.stanzas.empty()) return bad_header("it has no stanzas");
  header.covered = position() + 3;
  const std::optional<std::string_view> line = take_header_line(rest);
  if (!line) return bad_header("it ends too early");
  const std::vector<std::string> words = words_of(*line, "---");
  if (words.size() != 1) return bad_header("its last line");
  Result<std::string> mac = strict_base64(words.front(), Padding::none);
  if (!mac || mac->size() != mac_size) return bad_header("its last line");
  header.mac = *std::move(mac);
  header.size = position();
  return header;
}

}  // namespace primocane
