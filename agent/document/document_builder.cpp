// SPDX-License-Identifier: Apache-2.0
#include "document/document_builder.hpp"

#include "document/schema_reader.hpp"
#include "document/unique_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace primocane {

namespace {

// Adds the members of `merged` that `target` does not have, in their order; the first one wins.
void merge_into(Object& target, std::vector<Value> merged) {
  std::unordered_set<std::string> keys;
  for (const auto& [key, value] : target) keys.insert(key);
  for (Value& source : merged) {
    for (auto& [key, value] : *source.as_object()) {
      if (keys.insert(key).second) target.append(std::move(key), std::move(value));
    }
  }
}

// Of members with one key keeps the last value, at the place of the first.
void keep_last(Object& members) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Object::Member> kept;
  for (auto& member : members) {
    const auto [place, is_new] = places.emplace(member.first, kept.size());
    if (is_new) {
      kept.push_back(std::move(member));
    } else {
      kept[place->second].second = std::move(member.second);
    }
  }
  members = Object();
  for (auto& [key, value] : kept) members.append(std::move(key), std::move(value));
}

std::string shown_key(const Value& key) {
  if (const Number* number = key.as_number()) return number->text;
  if (const bool* boolean = key.as_bool()) return *boolean ? "true" : "false";
  return std::string(to_string(key.kind()));
}

}  // namespace

DocumentBuilder::DocumentBuilder(std::string_view name, const DocumentLimits& limits,
                                 DuplicateKeys duplicates)
    : name_(name), limits_(limits), duplicates_(duplicates) {}

std::unexpected<Error> DocumentBuilder::fail_at(std::uint32_t line, std::string_view what) const {
  return fail(ErrorKind::invalid, at_line(name_, line).append(what));
}

Result<void> DocumentBuilder::begin_document(std::uint32_t line) {
  root_ = Value();
  anchors_.clear();
  anchored_ = Cost{};
  if (++documents_ > limits_.documents) {
    return fail_at(line, fmt::format("the file holds more than {} documents", limits_.documents));
  }
  return {};
}

Value DocumentBuilder::end_document() { return std::exchange(root_, Value()); }

Result<void> DocumentBuilder::begin_array(NodeStart start) {
  return begin_collection(Array(), start);
}

Result<void> DocumentBuilder::begin_object(NodeStart start) {
  return begin_collection(Object(), start);
}

Result<void> DocumentBuilder::begin_collection(Value empty, NodeStart start) {
  if (expects_key()) return fail_at(start.line, "a key must be a string, not a collection");
  if (frames_.size() == limits_.depth) {
    return fail_at(start.line, fmt::format("nested more than {} levels deep", limits_.depth));
  }
  const Cost before = total_;
  TRY(spend(Cost{.nodes = 1}, start.line));
  empty.set_line(start.line);
  Spelling spelling;
  spelling.is_flow = start.is_flow;
  empty.set_spelling(spelling);
  Frame& frame = frames_.emplace_back();
  frame.collection = std::move(empty);
  frame.start = start;
  frame.before = before;
  return {};
}

Result<void> DocumentBuilder::end_collection() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (Object* members = frame.collection.as_object()) {
    if (duplicates_ == DuplicateKeys::refused) {
      TRY(require_unique_keys(frame));
    } else if (duplicate_key(*members)) {
      keep_last(*members);
    }
    if (!frame.merged.empty()) merge_into(*members, std::move(frame.merged));
  }
  const Cost cost{.nodes = total_.nodes - frame.before.nodes,
                  .bytes = total_.bytes - frame.before.bytes};
  TRY(remember(frame.collection, frame.start, cost, frame.height));
  return place(std::move(frame.collection), frame.height, frame.start.line);
}

Result<void> DocumentBuilder::scalar(Value value, NodeStart start) {
  const std::string* text = value.as_string();
  const std::size_t bytes = text == nullptr ? 0 : text->size();
  if (bytes > limits_.scalar.count()) {
    return fail_at(start.line,
                   fmt::format("a string is longer than {}", to_string(limits_.scalar)));
  }
  const Cost cost{.nodes = 1, .bytes = bytes};
  TRY(spend(cost, start.line));
  value.set_line(start.line);
  TRY(remember(value, start, cost, 0));
  return place(std::move(value), 0, start.line);
}

Result<void> DocumentBuilder::merge_key(std::uint32_t line) {
  Frame& frame = frames_.back();
  if (frame.has_merge) return fail_at(line, "the merge key << is given twice");
  frame.has_merge = true;
  frame.merges_next = true;
  return {};
}

Result<void> DocumentBuilder::alias(NodeStart start) {
  const auto found = anchors_.find(start.anchor);
  if (found == anchors_.end()) return fail_at(start.line, "an alias stands for what contains it");
  const Anchored& anchored = found->second;
  if (frames_.size() + anchored.height > limits_.depth) {
    return fail_at(start.line,
                   fmt::format("nested more than {} levels deep by an alias", limits_.depth));
  }
  TRY(spend(anchored.cost, start.line));
  Value copy = anchored.value;
  copy.set_line(start.line);
  return place(std::move(copy), anchored.height, start.line);
}

bool DocumentBuilder::expects_key() const {
  if (frames_.empty()) return false;
  const Frame& frame = frames_.back();
  return frame.collection.is_object() && !frame.key && !frame.merges_next;
}

bool DocumentBuilder::expects_value() const {
  return !frames_.empty() && frames_.back().collection.is_object() && !expects_key();
}

Result<void> DocumentBuilder::place(Value value, std::size_t height, std::uint32_t line) {
  if (frames_.empty()) {
    root_ = std::move(value);
    return {};
  }
  Frame& frame = frames_.back();
  frame.height = std::max(frame.height, height + 1);
  if (Array* items = frame.collection.as_array()) {
    items->push_back(std::move(value));
    return {};
  }
  if (frame.merges_next) return take_merged(frame, std::move(value), line);
  if (!frame.key) return take_key(frame, std::move(value), line);
  if (value.is_object() || value.is_array()) value.set_line(frame.key_lines.back());
  Spelling spelling = value.spelling();
  spelling.set_forms(spelling.form(), frame.key_form);
  value.set_spelling(spelling);
  frame.collection.as_object()->append(std::move(*frame.key), std::move(value));
  frame.key.reset();
  return {};
}

Result<void> DocumentBuilder::take_key(Frame& frame, Value key, std::uint32_t line) const {
  std::string* text = key.as_string();
  if (text == nullptr) {
    return fail_at(line, fmt::format("the key {} must be a string: quote it", shown_key(key)));
  }
  frame.key_form = key.spelling().form();
  frame.key = std::move(*text);
  frame.key_lines.push_back(line);
  return {};
}

Result<void> DocumentBuilder::take_merged(Frame& frame, Value value, std::uint32_t line) const {
  frame.merges_next = false;
  if (value.is_object()) {
    frame.merged.push_back(std::move(value));
    return {};
  }
  Array* items = value.as_array();
  if (items == nullptr || !std::ranges::all_of(*items, &Value::is_object)) {
    return fail_at(line, "<< needs a mapping or a list of mappings");
  }
  std::ranges::move(*items, std::back_inserter(frame.merged));
  return {};
}

Result<void> DocumentBuilder::remember(const Value& value, NodeStart start, const Cost& cost,
                                       std::size_t height) {
  if (start.anchor == 0) return {};
  // An anchor inside another's node is stored twice, one inside that three times, and so on.
  anchored_.nodes += cost.nodes;
  anchored_.bytes += cost.bytes;
  if (anchored_.nodes > limits_.nodes || anchored_.bytes > limits_.bytes.count()) {
    return fail_at(start.line, "the anchors of the document stand for too much");
  }
  anchors_[start.anchor] = Anchored{.value = value, .cost = cost, .height = height};
  return {};
}

Result<void> DocumentBuilder::spend(const Cost& cost, std::uint32_t line) {
  total_.nodes += cost.nodes;
  total_.bytes += cost.bytes;
  if (total_.nodes > limits_.nodes) {
    return fail_at(
        line, fmt::format("the file holds more than {} values, aliases expanded", limits_.nodes));
  }
  if (total_.bytes > limits_.bytes.count()) {
    return fail_at(line, fmt::format("the file holds more than {} of text, aliases expanded",
                                     to_string(limits_.bytes)));
  }
  return {};
}

Result<void> DocumentBuilder::require_unique_keys(const Frame& frame) const {
  const Object& members = *frame.collection.as_object();
  const auto duplicate = duplicate_key(members);
  if (!duplicate) return {};
  const auto [first, second] = *duplicate;
  return fail_at(frame.key_lines[second],
                 fmt::format("the key \"{}\" is given already on line {}",
                             members.begin()[static_cast<std::ptrdiff_t>(second)].first,
                             frame.key_lines[first]));
}

}  // namespace primocane
