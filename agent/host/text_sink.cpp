// SPDX-License-Identifier: Apache-2.0
#include "host/text_sink.hpp"

#include "document/json.hpp"
#include "document/plain_text.hpp"
#include "document/value.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <chrono>
#include <string>
#include <utility>

namespace primocane {

namespace {

spdlog::level::level_enum level_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return spdlog::level::err;
    case Severity::warning:
      return spdlog::level::warn;
    case Severity::notice:
    case Severity::info:
      return spdlog::level::info;
    case Severity::debug:
      return spdlog::level::debug;
  }
  return spdlog::level::info;
}

std::string as_json(const Event& event) {
  Object object{{"level", to_string(event.severity)},
                {"event", to_string(event.kind)},
                {"message", event.message}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) object.append(key, text);
  };
  add("kustomization", event.kustomization);
  add("revision", event.revision);
  add("object", event.object);
  add("action", event.action);
  add("reason", event.reason);
  add("manager", event.manager);
  add("fields", event.fields);
  const auto add_time = [&](const char* key, const std::optional<Duration>& time) {
    if (!time) return;
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(*time);
    object.append(key, Value(std::int64_t{duration.count()}));
  };
  add_time("durationUs", event.duration);
  add_time("driftedUs", event.drifted);
  return write_json(object);
}

class TextSink final : public EventSink {
 public:
  TextSink(Severity lowest, TextFormat format)
      : lowest_(lowest),
        format_(format),
        logger_("primocane", std::make_shared<spdlog::sinks::stderr_sink_st>()) {
    logger_.set_level(spdlog::level::debug);
    logger_.flush_on(spdlog::level::debug);
    const char* pattern = format == TextFormat::text ? "%Y-%m-%dT%H:%M:%S.%eZ %v" : "%v";
    logger_.set_formatter(
        std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
  }

  void emit(const Event& event) override {
    if (event.severity > lowest_) return;
    switch (format_) {
      case TextFormat::text:
        logger_.log(level_of(event.severity), "{} {}", to_string(event.severity),
                    plain_line(event.message));
        return;
      case TextFormat::json:
        logger_.log(level_of(event.severity), "{}", as_json(event));
        return;
    }
  }

 private:
  Severity lowest_;
  TextFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<EventSink> make_text_sink(Severity lowest, TextFormat format) {
  return std::make_unique<TextSink>(lowest, format);
}

}  // namespace primocane
