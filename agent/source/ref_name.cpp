// SPDX-License-Identifier: Apache-2.0
#include "source/ref_name.hpp"

#include <algorithm>
#include <string>

namespace primocane {

namespace {

constexpr std::size_t ref_name_max = 1024;

bool is_allowed(char c) {
  constexpr std::string_view forbidden = " ~^:?*[\\\x7f";
  return static_cast<unsigned char>(c) > ' ' && forbidden.find(c) == std::string_view::npos;
}

bool is_component(std::string_view component) {
  return !component.empty() && !component.starts_with('.') && !component.ends_with(".lock") &&
         component.find("..") == std::string_view::npos &&
         component.find("@{") == std::string_view::npos &&
         std::ranges::all_of(component, is_allowed);
}

}  // namespace

bool is_ref_name(std::string_view name) {
  if (name.size() > ref_name_max || name.ends_with('.')) return false;
  std::size_t components = 0;
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    if (!is_component(name.substr(begin, end - begin))) return false;
    ++components;
    begin = end + 1;
  }
  return components >= 2;
}

bool is_branch_name(std::string_view name) {
  // A file name of at most 255 bytes, also with the ".lock" that git would append.
  constexpr std::size_t branch_name_max = 250;
  if (name.empty() || name.size() > branch_name_max || name.starts_with('-') || name == "HEAD") {
    return false;
  }
  return is_ref_name(std::string("refs/heads/").append(name));
}

}  // namespace primocane
