// SPDX-License-Identifier: Apache-2.0
// What others did to objects, for people.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "report/drift_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// The answer to GetDrift.
struct DriftAnswer {
  std::vector<DriftRecord> records;  ///< the newest last
  WallTime from{};                   ///< since when nothing is missing
  bool is_cut = false;               ///< older ones that were asked for may exist
};

[[nodiscard]] Result<DriftAnswer> read_drift_answer(const Value& value);

/// A table, and where older ones are to be found.
[[nodiscard]] std::string list_drift(const DriftAnswer& answer, std::optional<WallTime> since);

/// The command that prints the records in the journal, from `since` on if it is there and before
/// `until` if that is.
[[nodiscard]] std::string journal_command(std::optional<WallTime> since,
                                          std::optional<WallTime> until);

}  // namespace primocane
