// SPDX-License-Identifier: Apache-2.0
// Varlink messages: JSON objects that end in a NUL byte (https://varlink.org/Method-Call).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

inline constexpr std::size_t varlink_message_max = 1024 * 1024;

/// Cuts a stream into messages.
class VarlinkReader {
 public:
  void add(std::string_view bytes) { bytes_ += bytes; }
  /// The next whole message; nothing while it is not complete. `invalid` when it is no JSON object
  /// or longer than allowed.
  [[nodiscard]] Result<std::optional<Value>> next();

 private:
  std::string bytes_;
};

/// A call or a reply, with its NUL byte.
[[nodiscard]] std::string write_varlink(const Value& message);
[[nodiscard]] Value varlink_reply(Value parameters);
/// `name` is the whole name of the error.
[[nodiscard]] Value varlink_error(std::string name, Value parameters);

}  // namespace primocane
