// SPDX-License-Identifier: Apache-2.0
#include "render/replica_rule.hpp"

#include <fmt/format.h>

namespace primocane {

Result<ReplicaRule> read_replica_rule(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(value, "an item of replicas", {"name", "count"}));
  ReplicaRule rule;
  rule.name = TRY(reader.text_of(fields, "name"));
  rule.count = TRY(reader.integer_of(fields, "count"));
  rule.line = value.line();
  return rule;
}

Result<void> set_replicas(Value& field, const ReplicaRule& rule) {
  if (field.is_object() || field.is_array()) {
    return fail(ErrorKind::invalid, fmt::format("the number of replicas must be a number, not {}",
                                                to_string(field.kind())));
  }
  const std::uint32_t line = field.line();
  field = rule.count;
  field.set_line(line);
  return {};
}

}  // namespace primocane
