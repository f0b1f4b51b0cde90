// SPDX-License-Identifier: Apache-2.0
#include "cli/control_answers.hpp"

#include "document/schema_reader.hpp"
#include "reconcile/explain.hpp"
#include "report/explanation.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// The string under `key`; "" where it is absent or null.
Result<std::string> text_parameter(const Value& parameters, std::string_view key) {
  constexpr std::size_t length_max = 512;
  const Value* value = parameters.find(key);
  if (value == nullptr || value->is_null()) return std::string();
  if (value->as_string() != nullptr && value->as_string()->size() <= length_max) {
    return *value->as_string();
  }
  return fail(ErrorKind::invalid,
              fmt::format("{} must be a string of {} bytes at most", key, length_max));
}

Result<ObjectQuery> read_query(const Value& parameters) {
  TRY(require_known_keys(parameters, "Explain", "parameters", {"kind", "name", "namespace"}));
  const std::string kind = TRY(text_parameter(parameters, "kind"));
  ObjectQuery query;
  query.name = TRY(text_parameter(parameters, "name"));
  const std::string namespace_name = TRY(text_parameter(parameters, "namespace"));
  if (kind.empty() || query.name.empty()) {
    return fail(ErrorKind::invalid, "Explain: kind and name must be there");
  }
  const std::size_t dot = kind.find('.');
  query.kind = kind.substr(0, dot);
  if (dot != std::string::npos) query.group = kind.substr(dot + 1);
  if (!namespace_name.empty()) query.namespace_name = namespace_name;
  return query;
}

}  // namespace

Result<Value> answer_drift(const Value& parameters, const DriftLog& drift) {
  TRY(require_known_keys(parameters, "GetDrift", "parameters", {"since"}));
  const std::string text = TRY(text_parameter(parameters, "since"));
  std::optional<WallTime> since;
  if (!text.empty()) since = TRY(read_time(text));
  const DriftLog::Excerpt excerpt = drift.since(since);
  Array records;
  records.reserve(excerpt.records.size());
  for (const DriftRecord& record : excerpt.records) records.push_back(write_drift_record(record));
  return Value(Object{{"records", std::move(records)},
                      {"from", write_time(excerpt.from)},
                      {"cut", excerpt.is_cut}});
}

Result<Value> answer_explain(const Value& parameters, const Agent& agent, const DriftLog& drift) {
  const ObjectQuery query = TRY(read_query(parameters));
  Explained explained = TRY(agent.explain(query));
  Array objects;
  for (Explanation& explanation : explained.objects) {
    explanation.changes = drift.about(explanation.object);
    objects.push_back(write_explanation(explanation));
  }
  Array near;
  for (const std::string& name : explained.near) near.emplace_back(name);
  return Value(Object{{"objects", std::move(objects)},
                      {"near", std::move(near)},
                      {"from", write_time(drift.from())}});
}

}  // namespace primocane
