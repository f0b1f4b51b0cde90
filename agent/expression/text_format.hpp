// SPDX-License-Identifier: Apache-2.0
// format(): texts with clauses like "%s" and "%.2f" (cel-go ext/formatting_v2.go).
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What one argument becomes: s, d, f, e, b, x, X or o, and how many digits behind the point.
struct FormatClause {
  char letter = 's';
  std::size_t precision = 6;
};

/// A text, and what is put behind it.
struct FormatPart {
  std::string text{};
  std::optional<FormatClause> clause{};
};

/// The parts of a format. `invalid` if a "%" begins no clause.
[[nodiscard]] Result<std::vector<FormatPart>> parse_format(std::string_view format);

/// Whether a clause takes values of that kind.
[[nodiscard]] bool takes_kind(const FormatClause& clause, CelKind kind);

/// `format` with its clauses replaced by the items of `list`; items that are left over do no harm.
[[nodiscard]] Result<CelValue> formatted(std::string_view format, const CelList& list,
                                         Budget& budget);

}  // namespace primocane
