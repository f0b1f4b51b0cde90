// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include "document/json.hpp"
#include "document/plain_text.hpp"
#include "document/yaml_writer.hpp"

namespace primocane {

std::string print(OutputFormat format, const Value& value, std::string_view text) {
  switch (format) {
    case OutputFormat::text:
      return plain_text(text);
    case OutputFormat::json:
      return write_json_pretty(value);
    case OutputFormat::yaml:
      return write_yaml(value);
  }
  return plain_text(text);
}

}  // namespace primocane
