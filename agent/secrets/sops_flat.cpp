// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_flat.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view map_separator = "__map_";
constexpr std::string_view list_separator = "__list_";
constexpr std::size_t list_max = 100;
constexpr std::size_t depth_max = 10;
constexpr std::size_t flat_keys_max = 2000;

// Puts `leaf` where `path` leads from `node`: false if something else is there.
bool put(Value& node, std::string_view path, std::size_t depth, Value leaf);

// `path` begins behind a separator.
bool put_member(Value& node, std::string_view path, std::size_t depth, Value leaf) {
  if (node.is_null()) node = Object();
  if (!node.is_object()) return false;
  const std::size_t end =
      std::min({path.find(map_separator), path.find(list_separator), path.size()});
  Value& member = (*node.as_object())[path.substr(0, end)];
  return put(member, path.substr(end), depth + 1, std::move(leaf));
}

bool put_item(Value& node, std::string_view path, std::size_t depth, Value leaf) {
  if (node.is_null()) node = Array();
  if (!node.is_array()) return false;
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), position);
  if (error != std::errc() || position >= list_max) return false;
  Array& items = *node.as_array();
  if (items.size() <= position) items.resize(position + 1);
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  return put(items[position], path, depth + 1, std::move(leaf));
}

bool put(Value& node, std::string_view path, std::size_t depth, Value leaf) {
  if (depth > depth_max) return false;
  if (path.starts_with(map_separator)) {
    return put_member(node, path.substr(map_separator.size()), depth, std::move(leaf));
  }
  if (path.starts_with(list_separator)) {
    return put_item(node, path.substr(list_separator.size()), depth, std::move(leaf));
  }
  if (!path.empty() || !node.is_null()) return false;
  node = std::move(leaf);
  return true;
}

std::string unescaped(std::string_view text) {
  std::string lines;
  for (;;) {
    const std::size_t escape = text.find("\\n");
    lines += text.substr(0, escape);
    if (escape == std::string_view::npos) return lines;
    lines += '\n';
    text.remove_prefix(escape + 2);
  }
}

}  // namespace

Result<Value> unflatten(const Value& flat, std::string_view name) {
  Value root = Object();
  if (flat.as_object()->size() > flat_keys_max) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: the metadata of SOPS has more than {} keys", name, flat_keys_max));
  }
  for (const auto& [key, value] : *flat.as_object()) {
    if (!put_member(root, key, 0, unescaped(value.scalar_text()))) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: the metadata of SOPS contradicts itself or is too big at {}",
                              name, plain_line(std::string_view(key).substr(0, 200))));
    }
  }
  return root;
}

}  // namespace primocane
