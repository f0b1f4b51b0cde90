// SPDX-License-Identifier: Apache-2.0
#include "cluster/object_stream.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::unexpected<Error> no_list(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("the server's answer is no list: {}", why));
}

}  // namespace

ObjectStream::ObjectStream(Take take, std::string_view list_key, ByteCount item_max)
    : take_(std::move(take)), list_key_(list_key), item_max_(item_max.count()) {}

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
      TRY(step_outside(c));
      return at + 1;
    case Place::between:
      if (c == '{') {
        place_ = Place::inside;
        depth_ = 0;
        return step_inside(piece, at);
      }
      TRY(step_between(c));
      return at + 1;
    case Place::inside:
      return step_inside(piece, at);
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
  // A key longer than the one that is looked for cannot be it.
  if (depth_ == 1 && !after_colon_ && key_.size() <= list_key_.size()) key_ += c;
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

// Goes to the item's end, or to the piece's. An item that lies within one piece is never copied.
Result<std::size_t> ObjectStream::step_inside(std::string_view piece, std::size_t at) {
  std::size_t end = at;
  bool is_complete = false;
  while (end < piece.size() && !is_complete) {
    const char c = piece[end++];
    if (in_string_) {
      if (is_escaped_) {
        is_escaped_ = false;
      } else if (c == '\\') {
        is_escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      is_complete = --depth_ == 0;
    }
  }
  const std::string_view part = piece.substr(at, end - at);
  if (item_.size() + part.size() > item_max_) {
    return fail(ErrorKind::invalid, fmt::format("an object of the server is larger than {}",
                                                to_string(ByteCount(item_max_))));
  }
  if (!is_complete) {
    item_ += part;
    return end;
  }
  place_ = Place::between;
  if (item_.empty()) {
    TRY(take_(part));
    return end;
  }
  item_ += part;
  const std::string item = std::exchange(item_, {});
  TRY(take_(item));
  return end;
}

}  // namespace primocane
