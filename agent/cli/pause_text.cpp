// SPDX-License-Identifier: Apache-2.0
#include "cli/pause_text.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace primocane {

namespace {

bool says(const Value& pause, std::string_view key) {
  const Value* found = pause.find(key);
  return found != nullptr && *found == Value(true);
}

std::string describe_end(std::string_view until) {
  return until == further_notice ? "until further notice" : fmt::format("until {}", until);
}

}  // namespace

Value write_pause_answer(const PauseAnswer& answer) {
  Object pause{{"namespace", answer.name.namespace_name},
               {"name", answer.name.name},
               {"root", answer.is_root},
               {"wasPaused", answer.was_paused}};
  if (answer.pause) pause.append("until", write_pause(*answer.pause));
  pause.append("pausedWithRoot", answer.is_paused_with_all);
  pause.append("suspendedInGit", answer.is_suspended_in_git);
  return Object{{"pause", std::move(pause)}};
}

std::string describe_pause(PauseVerb verb, const Value& pause) {
  std::string text = fmt::format("{}/{}", plain_line(pause.text_at("namespace")),
                                 plain_line(pause.text_at("name")));
  if (says(pause, "root")) text += ", and with it everything,";
  if (verb == PauseVerb::suspend) {
    return text + fmt::format(" is suspended {}\n", describe_end(pause.text_at("until")));
  }
  text += says(pause, "wasPaused") ? " is resumed\n" : " was not suspended by hand\n";
  if (says(pause, "pausedWithRoot")) text += "it still rests with everything: primocane resume\n";
  if (says(pause, "suspendedInGit")) text += "it stays suspended: spec.suspend in Git says so\n";
  return text;
}

}  // namespace primocane
