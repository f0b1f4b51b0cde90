// SPDX-License-Identifier: Apache-2.0
#include "host/varlink_message.hpp"

#include "document/json.hpp"

#include <utility>

namespace primocane {

Result<std::optional<Value>> VarlinkReader::next() {
  const std::size_t end = bytes_.find('\0');
  if (end == std::string::npos) {
    if (bytes_.size() <= varlink_message_max) return std::optional<Value>();
    return fail(ErrorKind::invalid, "varlink: a message is longer than 1 MiB");
  }
  Value message = TRY(read_json(std::string_view(bytes_).substr(0, end), "varlink"));
  bytes_.erase(0, end + 1);
  if (!message.is_object()) return fail(ErrorKind::invalid, "varlink: a message is no object");
  return std::optional<Value>(std::move(message));
}

std::string write_varlink(const Value& message) {
  std::string text = write_json(message);
  text += '\0';
  return text;
}

Value varlink_reply(Value parameters) { return Object{{"parameters", std::move(parameters)}}; }

Value varlink_error(std::string name, Value parameters) {
  return Object{{"error", std::move(name)}, {"parameters", std::move(parameters)}};
}

}  // namespace primocane
