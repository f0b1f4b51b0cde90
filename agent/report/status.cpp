// SPDX-License-Identifier: Apache-2.0
#include "report/status.hpp"

#include "document/plain_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <span>

namespace primocane {

namespace {

constexpr std::array states{AgentState::starting, AgentState::waiting, AgentState::ready,
                            AgentState::failing};

void set_time(Object& object, std::string_view key, const std::optional<WallTime>& time) {
  if (time) object.append(std::string(key), write_time(*time));
}

void set_text(Object& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.append(std::string(key), text);
}

Result<std::optional<WallTime>> time_at(const Value& value, std::string_view key) {
  const std::string_view text = value.text_at(key);
  if (text.empty()) return std::optional<WallTime>();
  return std::optional<WallTime>(TRY(read_time(text)));
}

std::uint64_t count_at(const Value& counts, std::string_view key) {
  const Value* value = counts.find(key);
  if (value == nullptr || value->as_number() == nullptr) return 0;
  const std::string& text = value->as_number()->text;
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

std::span<const Value> list_at(const Value& value, std::string_view key) {
  const Value* list = value.find(key);
  if (list == nullptr || list->as_array() == nullptr) return {};
  return *list->as_array();
}

Value write_counts(const StatusCounts& counts) {
  const auto number = [](std::uint64_t count) { return Value(Number{fmt::to_string(count)}); };
  return Object{{"desired", number(counts.desired)},
                {"applied", number(counts.applied)},
                {"failed", number(counts.failed)},
                {"kept", number(counts.kept)},
                {"drifted", number(counts.drifted)}};
}

// "main@sha1:0123456789ab" for people.
std::string_view abbreviate(std::string_view revision) {
  const std::size_t colon = revision.find(':');
  return colon == std::string_view::npos ? revision : revision.substr(0, colon + 13);
}

std::string as_line(const Problem& problem) {
  return fmt::format("{}{}{}", problem.object, problem.object.empty() ? "" : ": ", problem.message);
}

// "everything is suspended until 2026-11-30T08:00:00Z", or those Kustomizations that are.
std::vector<std::string> pauses_of(const Status& status) {
  std::vector<std::string> pauses;
  for (const KustomizationStatus& one : status.kustomizations) {
    if (one.suspended_until.empty()) continue;
    const bool is_root = &one == &status.kustomizations.front();
    const std::string name = is_root ? "everything" : to_string(one.name);
    pauses.push_back(fmt::format("{} is {}", name, pause_words(one)));
    if (is_root) break;
  }
  return pauses;
}

// systemd takes no longer message than 4 KiB, and none that is not UTF-8.
std::string cut(std::string text) {
  constexpr std::size_t length_max = 2000;
  if (text.size() <= length_max) return text;
  std::size_t end = length_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + " ...";
}

// What is applied, from where, and how old it is.
std::string describe_work(const Status& status, WallTime now) {
  const auto age = [&](const std::optional<WallTime>& time) {
    return time ? write_age(now - *time) + " ago" : std::string("never");
  };
  std::string text =
      fmt::format("source:    {} (seen {})\n", status.remote, age(status.source_seen_at));
  text +=
      fmt::format("revision:  {}", status.applied_revision.empty() ? std::string("none applied yet")
                                                                   : status.applied_revision);
  if (status.committed_at) text += fmt::format(", committed {}", age(status.committed_at));
  text += '\n';
  if (status.fetched_revision != status.applied_revision) {
    text += fmt::format("fetched:   {}, not applied\n", status.fetched_revision);
  }
  text += fmt::format("objects:   {} in Git, {} as Git says, {} failed, {} kept\n",
                      status.counts.desired, status.counts.applied, status.counts.failed,
                      status.counts.kept);
  text += fmt::format("last pass: {}, last change {}\n", age(status.last_pass_at),
                      age(status.last_change_at));
  if (status.counts.drifted > 0) {
    text += fmt::format("drifted:   {} not as Git says, and left so\n", status.counts.drifted);
  }
  if (status.reverted > 0) {
    text += fmt::format("reverted:  {} since the agent's start, last {}\n", status.reverted,
                        age(status.last_reverted_at));
  }
  return text;
}

}  // namespace

std::string_view to_string(AgentState state) {
  switch (state) {
    case AgentState::starting:
      return "starting";
    case AgentState::waiting:
      return "waiting";
    case AgentState::ready:
      return "ready";
    case AgentState::failing:
      return "failing";
  }
  return "starting";
}

std::string write_time(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

Result<WallTime> read_time(std::string_view text) {
  // "YYYY-MM-DDThh:mm:ssZ": the only form that is written.
  constexpr std::string_view form = "0000-00-00T00:00:00Z";
  bool fits = text.size() == form.size();
  std::array<int, 6> parts{};
  std::size_t part = 0;
  for (std::size_t i = 0; fits && i < form.size(); ++i) {
    if (form[i] == '0') {
      fits = text[i] >= '0' && text[i] <= '9';
      parts[part] = parts[part] * 10 + (text[i] - '0');
    } else {
      fits = text[i] == form[i];
      ++part;
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  // What WallTime, which counts nanoseconds, can hold.
  const bool is_in_range = parts[0] >= 1678 && parts[0] <= 2261;
  if (!fits || !is_in_range || !day.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 60) {
    return fail(ErrorKind::invalid,
                fmt::format("\"{}\" is not a time like 2026-11-23T19:08:47Z", text));
  }
  return WallTime(std::chrono::sys_days(day)) + std::chrono::hours(parts[3]) +
         std::chrono::minutes(parts[4]) + std::chrono::seconds(parts[5]);
}

std::string write_age(Duration age) {
  // What lies ahead was written by a clock that goes before this one; a board without a battery
  // starts in the past.
  if (age < Duration::zero()) return "0 s";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", seconds / 60);
  if (seconds < 2 * 86400) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} d", seconds / 86400);
}

Value write_status(const Status& status) {
  Object object{{"state", to_string(status.state)}, {"version", status.version}};
  set_text(object, "remote", status.remote);
  set_text(object, "fetchedRevision", status.fetched_revision);
  set_text(object, "appliedRevision", status.applied_revision);
  set_time(object, "committedAt", status.committed_at);
  set_time(object, "lastPassAt", status.last_pass_at);
  set_time(object, "lastChangeAt", status.last_change_at);
  set_time(object, "sourceSeenAt", status.source_seen_at);
  object.append("reverted", Value(Number{fmt::to_string(status.reverted)}));
  set_time(object, "lastRevertedAt", status.last_reverted_at);
  object.append("counts", write_counts(status.counts));
  Array problems;
  for (const Problem& problem : status.problems) {
    problems.emplace_back(Object{{"object", problem.object}, {"message", problem.message}});
  }
  object.append("problems", std::move(problems));
  Array notices;
  for (const std::string& notice : status.notices) notices.emplace_back(notice);
  object.append("notices", std::move(notices));
  Array kustomizations;
  for (const KustomizationStatus& kustomization : status.kustomizations) {
    kustomizations.push_back(write_kustomization_status(kustomization));
  }
  object.append("kustomizations", std::move(kustomizations));
  Array helm_releases;
  for (const HelmReleaseStatus& release : status.helm_releases) {
    helm_releases.push_back(write_helm_release_status(release));
  }
  object.append("helmReleases", std::move(helm_releases));
  return object;
}

Result<Status> read_status(const Value& value) {
  if (!value.is_object()) return fail(ErrorKind::invalid, "status: expected a mapping");
  Status status;
  for (const AgentState state : states) {
    if (value.text_at("state") == to_string(state)) status.state = state;
  }
  status.version = value.text_at("version");
  status.remote = value.text_at("remote");
  status.fetched_revision = value.text_at("fetchedRevision");
  status.applied_revision = value.text_at("appliedRevision");
  status.committed_at = TRY(time_at(value, "committedAt"));
  status.last_pass_at = TRY(time_at(value, "lastPassAt"));
  status.last_change_at = TRY(time_at(value, "lastChangeAt"));
  status.source_seen_at = TRY(time_at(value, "sourceSeenAt"));
  status.reverted = count_at(value, "reverted");
  status.last_reverted_at = TRY(time_at(value, "lastRevertedAt"));
  if (const Value* counts = value.find("counts")) {
    status.counts = {.desired = count_at(*counts, "desired"),
                     .applied = count_at(*counts, "applied"),
                     .failed = count_at(*counts, "failed"),
                     .kept = count_at(*counts, "kept"),
                     .drifted = count_at(*counts, "drifted")};
  }
  for (const Value& problem : list_at(value, "problems")) {
    status.problems.push_back({.object = std::string(problem.text_at("object")),
                               .message = std::string(problem.text_at("message"))});
  }
  for (const Value& notice : list_at(value, "notices")) {
    if (notice.as_string() != nullptr) status.notices.push_back(*notice.as_string());
  }
  for (const Value& kustomization : list_at(value, "kustomizations")) {
    status.kustomizations.push_back(TRY(read_kustomization_status(kustomization)));
  }
  for (const Value& release : list_at(value, "helmReleases")) {
    status.helm_releases.push_back(TRY(read_helm_release_status(release)));
  }
  return status;
}

std::string describe_status(const Status& status, WallTime now) {
  std::string text = fmt::format("state:     {}\n", to_string(status.state));
  // While it waits there is nothing yet.
  if (status.state != AgentState::waiting) text += describe_work(status, now);
  for (const std::string& pause : pauses_of(status)) {
    text += fmt::format("pause:     {}\n", plain_line(pause));
  }
  for (const Problem& problem : status.problems) {
    text += fmt::format("problem:   {}\n", plain_line(as_line(problem)));
  }
  for (const std::string& notice : status.notices) {
    text += fmt::format("notice:    {}\n", plain_line(notice));
  }
  return text;
}

std::string summarise_status(const Status& status, WallTime now) {
  std::string text(to_string(status.state));
  if (status.applied_revision.empty()) {
    if (status.problems.empty()) text += ": no revision applied yet";
  } else {
    text += fmt::format(": {}", abbreviate(status.applied_revision));
    if (status.committed_at)
      text += fmt::format(" ({} old)", write_age(now - *status.committed_at));
    text +=
        fmt::format(", {} of {} objects as Git says", status.counts.applied, status.counts.desired);
    if (status.counts.failed > 0) text += fmt::format(", {} failed", status.counts.failed);
    if (status.counts.kept > 0) text += fmt::format(", {} kept", status.counts.kept);
    if (status.counts.drifted > 0) text += fmt::format(", {} drifted", status.counts.drifted);
    if (status.reverted > 0) {
      text += fmt::format(", {} reverted (last {} ago)", status.reverted,
                          write_age(now - status.last_reverted_at.value_or(now)));
    }
  }
  for (const std::string& pause : pauses_of(status)) text += fmt::format("; {}", pause);
  if (!status.problems.empty()) {
    text += status.applied_revision.empty() ? ": " : "; ";
    text += as_line(status.problems.front());
  }
  const std::size_t more = status.problems.empty() ? 0 : status.problems.size() - 1;
  if (more > 0) text += fmt::format("; {} more: see primocane status", more);
  if (!status.notices.empty()) text += fmt::format("; notice: {}", status.notices.front());
  return cut(plain_line(text));
}

}  // namespace primocane
