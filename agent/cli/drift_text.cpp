// SPDX-License-Identifier: Apache-2.0
#include "cli/drift_text.hpp"

#include "cli/table.hpp"
#include "document/plain_text.hpp"
#include "report/status.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace primocane {

namespace {

std::vector<std::string> row_of_drift(const DriftRecord& record) {
  const auto span = [](const std::optional<Duration>& known) {
    return known ? write_span(*known) : std::string();
  };
  const std::string what =
      record.fields.empty() ? fmt::format("({})", record.reason) : record.fields;
  return {write_time(record.time), plain_line(record.object), plain_line(record.manager),
          plain_line(what),        span(record.drifted),      span(record.duration)};
}

// As systemd.time(7) reads it.
std::string journal_time(WallTime time) {
  return fmt::format("'{:%Y-%m-%d %H:%M:%S} UTC'", std::chrono::floor<std::chrono::seconds>(time));
}

}  // namespace

Result<DriftAnswer> read_drift_answer(const Value& value) {
  DriftAnswer answer;
  answer.from = TRY(read_time(value.text_at("from")));
  const Value* cut = value.find("cut");
  answer.is_cut = cut != nullptr && *cut == Value(true);
  const Value* records = value.find("records");
  if (records == nullptr || records->as_array() == nullptr) {
    return fail(ErrorKind::invalid, "drift: expected a list of records");
  }
  for (const Value& record : *records->as_array()) {
    answer.records.push_back(TRY(read_drift_record(record)));
  }
  return answer;
}

std::string list_drift(const DriftAnswer& answer, std::optional<WallTime> since) {
  std::string text;
  if (answer.records.empty()) {
    const WallTime begin = since && *since > answer.from ? *since : answer.from;
    text = fmt::format("nothing has been changed by others since {}\n", write_time(begin));
  } else {
    std::vector<std::vector<std::string>> rows{
        {"WHEN", "OBJECT", "WHO", "FIELDS", "DRIFTED", "REVERTED IN"}};
    for (const DriftRecord& record : answer.records) rows.push_back(row_of_drift(record));
    text = draw_table(rows);
  }
  if (answer.is_cut) {
    text += fmt::format("what was before {} is in the journal alone: {}\n", write_time(answer.from),
                        journal_command(since, answer.from));
  }
  return text;
}

std::string journal_command(std::optional<WallTime> since, std::optional<WallTime> until) {
  std::string command = "journalctl";
  for (const EventKind kind : drift_kinds) {
    command += fmt::format(" PRIMOCANE_EVENT={}", to_string(kind));
  }
  if (since) command += fmt::format(" --since {}", journal_time(*since));
  if (until) command += fmt::format(" --until {}", journal_time(*until));
  return command;
}

}  // namespace primocane
