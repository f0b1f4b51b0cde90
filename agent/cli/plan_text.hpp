// SPDX-License-Identifier: Apache-2.0
// A Preview as people read it and as programs do.
#pragma once

#include "cli/answer.hpp"
#include "document/value.hpp"
#include "reconcile/preview.hpp"

#include <string>

namespace primocane {

/// Keys in camelCase (docs/cli.md, "primocane plan").
[[nodiscard]] Value write_preview(const Preview& preview);

/// A line per problem, then one per object (+ created, ~ changed, - deleted, ! refused) with the
/// fields that would change below it, and a line that counts. Control characters in values are
/// escaped, long values cut.
[[nodiscard]] std::string describe_preview(const Preview& preview);

/// `failed` when there are problems or an object would be refused, `changes` when something would
/// change or waits for a confirmation, else `done`.
[[nodiscard]] ExitCode exit_code_of(const Preview& preview);

}  // namespace primocane
