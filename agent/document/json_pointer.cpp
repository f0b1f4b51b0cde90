// SPDX-License-Identifier: Apache-2.0
#include "document/json_pointer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

std::optional<std::string> unescaped(std::string_view token) {
  std::string text;
  for (std::size_t index = 0; index < token.size(); ++index) {
    if (token[index] != '~') {
      text += token[index];
      continue;
    }
    ++index;
    if (index == token.size() || (token[index] != '0' && token[index] != '1')) return std::nullopt;
    text += token[index] == '0' ? '~' : '/';
  }
  return text;
}

std::string escaped(std::string_view token) {
  std::string text;
  for (const char letter : token) {
    if (letter == '~') {
      text += "~0";
    } else if (letter == '/') {
      text += "~1";
    } else {
      text += letter;
    }
  }
  return text;
}

// RFC 6901, section 4: digits without a leading zero.
const Value* item_at(const Array& items, std::string_view token) {
  if (token.empty() || (token.size() > 1 && token.front() == '0')) return nullptr;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || end != token.data() + token.size()) return nullptr;
  return index < items.size() ? &items[index] : nullptr;
}

}  // namespace

Result<JsonPointer> JsonPointer::parse(std::string_view text) {
  JsonPointer pointer;
  if (text.empty()) return pointer;
  if (text.front() != '/') {
    return fail(ErrorKind::invalid,
                fmt::format(R"(the JSON pointer "{}" must begin with "/")", text));
  }
  for (std::size_t start = 1; start <= text.size();) {
    const std::size_t end = std::min(text.find('/', start), text.size());
    std::optional<std::string> token = unescaped(text.substr(start, end - start));
    if (!token) {
      return fail(
          ErrorKind::invalid,
          fmt::format(R"(in the JSON pointer "{}" a "~" is followed by neither 0 nor 1)", text));
    }
    pointer.tokens_.push_back(std::move(*token));
    start = end + 1;
  }
  return pointer;
}

std::string JsonPointer::str() const {
  std::string text;
  for (const std::string& token : tokens_) text += "/" + escaped(token);
  return text;
}

JsonPointer JsonPointer::child(std::string token) const {
  JsonPointer longer = *this;
  longer.tokens_.push_back(std::move(token));
  return longer;
}

const Value* JsonPointer::find_in(const Value& document) const {
  const Value* value = &document;
  for (const std::string& token : tokens_) {
    if (const Array* items = value->as_array()) {
      value = item_at(*items, token);
    } else {
      value = value->find(token);
    }
    if (value == nullptr) return nullptr;
  }
  return value;
}

}  // namespace primocane
