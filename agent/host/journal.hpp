// SPDX-License-Identifier: Apache-2.0
// Journal: events as records of the systemd journal, with fields of their own.
#pragma once

#include "report/event.hpp"

#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// Whether standard error leads to the journal (systemd.exec(5), JOURNAL_STREAM); `journal_stream`
/// is that variable's value or "".
[[nodiscard]] bool stderr_is_journal(const std::string& journal_stream);

/// The fields of a record, "NAME=value" each: MESSAGE, MESSAGE_ID, PRIORITY, PRIMOCANE_EVENT and,
/// where there is something to say, PRIMOCANE_KUSTOMIZATION, _REVISION, _OBJECT, _ACTION, _MANAGER
/// and _DURATION_US.
[[nodiscard]] std::vector<std::string> journal_fields(const Event& event);

/// Sends events of `lowest` severity and above to the journal.
[[nodiscard]] std::unique_ptr<EventSink> make_journal_sink(Severity lowest);

}  // namespace primocane
