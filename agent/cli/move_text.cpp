// SPDX-License-Identifier: Apache-2.0
#include "cli/move_text.hpp"

#include "document/plain_text.hpp"
#include "resource/resource_id.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Of the objects that Git holds there may be thousands: they are counted.
bool is_counted(const FluxMove& move) {
  return move.action == MoveAction::take_over || move.action == MoveAction::give_back;
}

std::string_view plural_of(std::size_t count) { return count == 1 ? "" : "s"; }

std::string counted_line(const std::string& kustomization, MoveAction action, std::size_t count) {
  return fmt::format("~ {} object{} of Kustomization {}: {}\n", count, plural_of(count),
                     kustomization, to_string(action));
}

// Lines that say what is done with single objects, and one for each Kustomization at the place of
// its first object.
std::string move_lines(const MovePlan& plan) {
  std::map<std::pair<MoveAction, std::string>, std::size_t> counts;
  for (const FluxMove& move : plan.moves) {
    if (is_counted(move)) ++counts[{move.action, move.of}];
  }
  std::string text;
  for (const FluxMove& move : plan.moves) {
    if (!is_counted(move)) {
      text += fmt::format("~ {}: {}\n", to_string(move.id), to_string(move.action));
      continue;
    }
    const auto count = counts.find({move.action, move.of});
    if (count == counts.end()) continue;
    text += counted_line(move.of, move.action, count->second);
    counts.erase(count);
  }
  return text;
}

Array texts(const std::vector<std::string>& lines) {
  Array items;
  for (const std::string& line : lines) items.emplace_back(line);
  return items;
}

}  // namespace

Value write_moves(const MovePlan& plan) {
  Array objects;
  for (const auto& [kustomization, count] : plan.objects) {
    objects.emplace_back(Object{{"kustomization", kustomization}, {"objects", count}});
  }
  Array moves;
  for (const FluxMove& move : plan.moves) {
    Object each{{"action", to_string(move.action)}, {"object", to_string(move.id)}};
    if (!move.of.empty()) each.append("kustomization", move.of);
    moves.emplace_back(std::move(each));
  }
  return Object{{"obstacles", texts(plan.obstacles)},
                {"notes", texts(plan.notes)},
                {"kustomizations", std::move(objects)},
                {"moves", std::move(moves)}};
}

std::string describe_moves(const MovePlan& plan, Made made) {
  std::string text;
  for (const std::string& obstacle : plan.obstacles) {
    text += fmt::format("! {}\n", plain_line(obstacle));
  }
  for (const std::string& note : plan.notes) text += fmt::format("= {}\n", plain_line(note));
  if (!plan.obstacles.empty()) {
    return text + fmt::format("nothing is done before {} out of the way\n",
                              plan.obstacles.size() == 1 ? "that is" : "all that is");
  }
  text += move_lines(plan);
  if (plan.moves.empty()) return text + "nothing is left to do\n";
  const std::size_t count = plan.moves.size();
  return text + fmt::format("{} step{} {}\n", count, plural_of(count),
                            made == Made::yes ? "done" : "to be done");
}

ExitCode exit_code_of(const MovePlan& plan, Made made) {
  if (!plan.obstacles.empty()) return ExitCode::failed;
  if (made == Made::not_yet && !plan.moves.empty()) return ExitCode::changes;
  return ExitCode::done;
}

}  // namespace primocane
