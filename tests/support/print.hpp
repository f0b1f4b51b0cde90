// SPDX-License-Identifier: Apache-2.0
// How Catch2 prints our types where an assertion fails.
#pragma once

#include "base/error.hpp"

#include <catch2/catch_tostring.hpp>
#include <fmt/format.h>

#include <string>

namespace Catch {

template <>
struct StringMaker<primocane::Error> {
  static std::string convert(const primocane::Error& error) {
    return fmt::format("{}: {}", primocane::to_string(error.kind), error.message);
  }
};

template <typename T>
struct StringMaker<primocane::Result<T>> {
  static std::string convert(const primocane::Result<T>& result) {
    return result ? "a value" : StringMaker<primocane::Error>::convert(result.error());
  }
};

}  // namespace Catch
