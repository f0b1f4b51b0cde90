// SPDX-License-Identifier: Apache-2.0
#include "cluster/precondition.hpp"

#include "document/json.hpp"
#include "document/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view white_space = " \t\r\n";

// A position in JSON text that is known to be well-formed; nonsense only ends it early.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t position() const { return position_; }

  void skip_space() {
    position_ = std::min(text_.find_first_not_of(white_space, position_), text_.size());
  }
  // Goes past `c`, if that comes next.
  bool skip(char c) {
    skip_space();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  // The string that comes next, without its quotes and with its escapes.
  std::optional<std::string_view> take_string() {
    if (!skip('"')) return std::nullopt;
    const std::size_t begin = position_;
    while (position_ < text_.size() && text_[position_] != '"') {
      position_ += text_[position_] == '\\' ? 2U : 1U;
    }
    if (position_ >= text_.size()) return std::nullopt;
    return text_.substr(begin, position_++ - begin);
  }
  // Goes past one value of any kind.
  void skip_value() {
    std::size_t depth = 0;
    skip_space();
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '"') {
        if (!take_string()) return;
        if (depth == 0) return;
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}' || c == ']')) return;
      ++position_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return;
    }
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

// Goes to the value of `key` in the mapping that comes next.
bool go_to(Scanner& scanner, std::string_view key) {
  if (!scanner.skip('{')) return false;
  do {
    const std::optional<std::string_view> name = scanner.take_string();
    if (!name || !scanner.skip(':')) return false;
    if (*name == key) return true;
    scanner.skip_value();
  } while (scanner.skip(','));
  return false;
}

std::string member(std::string_view key, std::string_view value) {
  return fmt::format("\"{}\":{}", key, write_json(Value(value)));
}

}  // namespace

Result<std::string> with_precondition(std::string body, std::string_view uid,
                                      std::string_view resource_version) {
  if (uid.empty() && resource_version.empty()) return body;
  Scanner scanner(body);
  if (!go_to(scanner, "metadata")) return fail(ErrorKind::invalid, "the body has no metadata");
  std::string members;
  for (const auto& [key, value] : {std::pair{"uid", uid}, {"resourceVersion", resource_version}}) {
    Scanner metadata = scanner;
    if (value.empty()) continue;
    if (go_to(metadata, key)) {
      if (metadata.take_string() == value) continue;
      return fail(ErrorKind::invalid,
                  fmt::format("the object declares metadata.{}, which only the server sets", key));
    }
    if (!members.empty()) members += ',';
    members += member(key, value);
  }
  if (!scanner.skip('{')) return fail(ErrorKind::invalid, "the body's metadata is no mapping");
  const std::size_t place = scanner.position();
  if (!members.empty() && !scanner.skip('}')) members += ',';
  body.insert(place, members);
  return body;
}

Result<std::string> with_patch_precondition(std::string_view operations, std::string_view uid,
                                            std::string_view resource_version) {
  Scanner scanner(operations);
  if (!scanner.skip('[')) return fail(ErrorKind::invalid, "a JSON Patch is a list of operations");
  std::string patch = "[";
  for (const auto& [key, value] : {std::pair{"uid", uid}, {"resourceVersion", resource_version}}) {
    if (value.empty()) continue;
    if (patch.size() > 1) patch += ',';
    patch +=
        fmt::format(R"({{"op":"replace","path":"/metadata/{}",{}}})", key, member("value", value));
  }
  const std::string_view rest = operations.substr(scanner.position());
  if (patch.size() > 1 && !scanner.skip(']')) patch += ',';
  return patch.append(rest);
}

}  // namespace primocane
