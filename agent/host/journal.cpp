// SPDX-License-Identifier: Apache-2.0
#include "host/journal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace primocane {

namespace {

class JournalSink final : public EventSink {
 public:
  explicit JournalSink(Severity lowest) : lowest_(lowest) {}

  void emit(const Event& event) override {
    if (event.severity > lowest_) return;
    std::vector<std::string> fields = journal_fields(event);
    std::vector<iovec> vectors;
    vectors.reserve(fields.size());
    for (std::string& field : fields) {
      vectors.push_back({.iov_base = field.data(), .iov_len = field.size()});
    }
    // A journal that does not take it leaves nobody to tell.
    sd_journal_sendv(vectors.data(), static_cast<int>(vectors.size()));
  }

 private:
  Severity lowest_;
};

}  // namespace

bool stderr_is_journal(const std::string& journal_stream) {
  struct stat status{};
  if (journal_stream.empty() || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return journal_stream == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

std::vector<std::string> journal_fields(const Event& event) {
  std::vector<std::string> fields{
      fmt::format("MESSAGE={}", event.message),
      fmt::format("MESSAGE_ID={}", message_id(event.kind)),
      fmt::format("PRIORITY={}", static_cast<int>(event.severity)),
      fmt::format("PRIMOCANE_EVENT={}", to_string(event.kind)),
  };
  const auto add = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) fields.push_back(fmt::format("PRIMOCANE_{}={}", name, text));
  };
  add("KUSTOMIZATION", event.kustomization);
  add("REVISION", event.revision);
  add("OBJECT", event.object);
  add("ACTION", event.action);
  add("REASON", event.reason);
  add("MANAGER", event.manager);
  add("FIELDS", event.fields);
  const auto add_time = [&](std::string_view name, const std::optional<Duration>& time) {
    if (!time) return;
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(*time);
    fields.push_back(fmt::format("PRIMOCANE_{}_US={}", name, duration.count()));
  };
  add_time("DURATION", event.duration);
  add_time("DRIFTED", event.drifted);
  return fields;
}

std::unique_ptr<EventSink> make_journal_sink(Severity lowest) {
  return std::make_unique<JournalSink>(lowest);
}

}  // namespace primocane
