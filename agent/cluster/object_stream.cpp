// SPDX-License-Identifier: Apache-2.0
#include "cluster/object_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view metadata_key = "metadata";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::unexpected<Error> no_list(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("the server's answer is no list: {}", why));
}

}  // namespace

ObjectStream::ObjectStream(Take take, std::string_view list_key, ByteCount item_max)
    : take_(std::move(take)), list_key_(list_key), object_(item_max) {}

Result<void> ObjectStream::feed(std::string_view piece) {
  std::size_t at = 0;
  while (at < piece.size()) at = TRY(step(piece, at));
  return {};
}

Result<void> ObjectStream::finish() const {
  if (place_ == Place::after) return {};
  return fail(ErrorKind::unavailable, "the server's answer is cut in the middle");
}

// Returns where to go on.
Result<std::size_t> ObjectStream::step(std::string_view piece, std::size_t at) {
  const char c = piece[at];
  switch (place_) {
    case Place::before:
      if (c == '{') {
        place_ = Place::outside;
        depth_ = 1;
      } else if (!is_space(c)) {
        return no_list("it does not begin with a mapping");
      }
      return at + 1;
    case Place::outside:
      if (c == '{' && is_metadata_next()) {
        place_ = Place::above;
        return step_object(piece, at);
      }
      TRY(step_outside(c));
      return at + 1;
    case Place::between:
      if (c == '{') {
        place_ = Place::inside;
        return step_object(piece, at);
      }
      TRY(step_between(c));
      return at + 1;
    case Place::inside:
    case Place::above:
      return step_object(piece, at);
    case Place::after:
      if (!is_space(c)) return no_list("something follows its end");
      return at + 1;
  }
  return at + 1;
}

void ObjectStream::step_in_string(char c) {
  if (is_escaped_) {
    is_escaped_ = false;
  } else if (c == '\\') {
    is_escaped_ = true;
  } else if (c == '"') {
    in_string_ = false;
    return;
  }
  // A longer key cannot be one of those that are looked for.
  const std::size_t longest = std::max(list_key_.size(), metadata_key.size());
  if (depth_ == 1 && !after_colon_ && key_.size() <= longest) key_ += c;
}

Result<void> ObjectStream::step_outside(char c) {
  if (in_string_) {
    step_in_string(c);
    return {};
  }
  if (is_list_next_ && !is_space(c)) {
    is_list_next_ = false;
    if (c == '[') {
      place_ = Place::between;
      return {};
    }
    // Go writes a list that was never filled as null.
    if (c != 'n') return no_list(fmt::format("its \"{}\" are no list", list_key_));
  }
  switch (c) {
    case '"':
      in_string_ = true;
      if (depth_ == 1 && !after_colon_) key_.clear();
      break;
    case ':':
      if (depth_ == 1) {
        after_colon_ = true;
        is_list_next_ = key_ == list_key_;
      }
      break;
    case ',':
      if (depth_ == 1) after_colon_ = false;
      break;
    case '{':
    case '[':
      ++depth_;
      break;
    case '}':
    case ']':
      if (--depth_ == 0) place_ = Place::after;
      break;
    default:
      break;
  }
  return {};
}

Result<void> ObjectStream::step_between(char c) {
  if (c == ']') {
    place_ = Place::outside;
    depth_ = 1;
    return {};
  }
  if (c == ',' || is_space(c)) return {};
  return no_list(fmt::format("its \"{}\" hold something else than mappings", list_key_));
}

bool ObjectStream::is_metadata_next() const {
  return take_metadata_ && depth_ == 1 && !in_string_ && after_colon_ && key_ == metadata_key;
}

// Goes to the object's end, or to the piece's.
Result<std::size_t> ObjectStream::step_object(std::string_view piece, std::size_t at) {
  const std::size_t end = at + TRY(object_.feed(piece.substr(at)));
  if (!object_.is_complete()) return end;
  const bool is_item = place_ == Place::inside;
  place_ = is_item ? Place::between : Place::outside;
  TRY(object_.take(is_item ? take_ : take_metadata_));
  return end;
}

}  // namespace primocane
