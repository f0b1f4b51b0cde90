// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_text.hpp"

#include "document/json.hpp"
#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t value_length_max = 300;

char symbol_of(const PreviewedChange& change) {
  if (change.error) return '!';
  switch (change.action) {
    case Action::create:
      return '+';
    case Action::remove:
      return '-';
    case Action::change:
    case Action::revert:
    case Action::adopt:
    case Action::verify:
    case Action::let_go:
      return '~';
  }
  return '~';
}

std::string describe_value(const Value& value) {
  std::string text = write_json(value);
  if (text.size() <= value_length_max) return text;
  std::size_t end = value_length_max;
  // Not in the middle of a character of several bytes.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("{}… ({} bytes)", text.substr(0, end), text.size());
}

std::string describe_field(const Difference& field) {
  std::string path = plain_line(field.path.str());
  if (!field.before && field.after)
    return fmt::format("+ {}: {}", path, describe_value(*field.after));
  if (field.before && !field.after)
    return fmt::format("- {}: {}", path, describe_value(*field.before));
  if (!field.before) return path;
  return fmt::format("~ {}: {} → {}", path, describe_value(*field.before),
                     describe_value(*field.after));
}

std::string describe_change(const PreviewedChange& change) {
  std::string text = fmt::format("{} {}: {} ({})\n", symbol_of(change), to_string(change.id),
                                 to_string(change.action), change.reason);
  if (change.error) text += fmt::format("    refused: {}\n", plain_line(change.error->message));
  for (const Difference& field : change.fields) {
    text += fmt::format("    {}\n", describe_field(field));
  }
  return text;
}

std::string describe_prune(const PrunePlan& prune) {
  std::string text;
  for (const Kept& kept : prune.kept) {
    text += fmt::format("= {}: left Git and is kept: {}\n", to_string(kept.id), kept.reason);
  }
  if (!prune.confirmation.empty()) {
    text +=
        fmt::format("    to delete what may hold data: primocane reconcile --confirm-prune {}\n",
                    prune.confirmation);
  }
  for (const ResourceId& orphan : prune.orphans) {
    text +=
        fmt::format("? {}: a member of a set that has no parent; left alone\n", to_string(orphan));
  }
  if (prune.waits_for) {
    text += fmt::format("= {}\n", waiting_words(*prune.waits_for));
  }
  if (!prune.refusal) return text;
  text += fmt::format("! nothing would be deleted: {}\n", prune.refusal->reason);
  for (const ResourceId& id : prune.refusal->removals) {
    text += fmt::format("    - {}\n", to_string(id));
  }
  return text + fmt::format("    to delete exactly these: primocane reconcile --confirm-prune {}\n",
                            prune.refusal->hash);
}

std::string summarise(const Preview& preview) {
  const auto count = [&preview](char symbol) {
    return std::ranges::count(preview.changes, symbol, symbol_of);
  };
  const auto refused = static_cast<std::uint64_t>(count('!')) + preview.refusals.size();
  return fmt::format("{} to create, {} to change, {} to delete, {} refused, {} unchanged\n",
                     count('+'), count('~'), count('-'), refused, preview.unchanged);
}

Value write_field(const Difference& field) {
  Object object{{"path", field.path.str()}};
  if (field.before) object.append("before", *field.before);
  if (field.after) object.append("after", *field.after);
  return object;
}

Value write_change(const PreviewedChange& change) {
  Array fields;
  for (const Difference& field : change.fields) fields.push_back(write_field(field));
  Object object{{"object", to_string(change.id)},
                {"action", to_string(change.action)},
                {"reason", change.reason},
                {"kustomization", to_string(change.kustomization)},
                {"fields", std::move(fields)}};
  if (change.error) object.append("error", change.error->message);
  return object;
}

Value write_ids(const std::vector<ResourceId>& ids) {
  Array texts;
  for (const ResourceId& id : ids) texts.emplace_back(to_string(id));
  return texts;
}

}  // namespace

Value write_preview(const Preview& preview) {
  Array changes;
  for (const PreviewedChange& change : preview.changes) changes.push_back(write_change(change));
  Array refusals;
  for (const Refusal& refusal : preview.refusals) {
    refusals.emplace_back(
        Object{{"object", to_string(refusal.id)}, {"error", refusal.error.message}});
  }
  Array problems;
  for (const Problem& problem : preview.problems) {
    problems.emplace_back(Object{{"object", problem.object}, {"error", problem.message}});
  }
  Array kept;
  for (const Kept& each : preview.prune.kept) {
    kept.emplace_back(Object{{"object", to_string(each.id)}, {"reason", each.reason}});
  }
  Object object{{"changes", std::move(changes)},
                {"refusals", std::move(refusals)},
                {"problems", std::move(problems)},
                {"kept", std::move(kept)},
                {"orphans", write_ids(preview.prune.orphans)},
                {"unchanged", Number{fmt::to_string(preview.unchanged)}}};
  if (!preview.prune.confirmation.empty()) {
    object.append("confirmPrune", preview.prune.confirmation);
  }
  if (preview.prune.waits_for) {
    object.append("pruneWaitsFor", to_string(*preview.prune.waits_for));
  }
  if (preview.prune.refusal) {
    object.append("pruneRefusal", Object{{"reason", preview.prune.refusal->reason},
                                         {"confirmPrune", preview.prune.refusal->hash},
                                         {"objects", write_ids(preview.prune.refusal->removals)}});
  }
  return object;
}

std::string describe_preview(const Preview& preview) {
  std::string text;
  for (const Problem& problem : preview.problems) {
    text += fmt::format("! {}{}{}\n", problem.object, problem.object.empty() ? "" : ": ",
                        plain_line(problem.message));
  }
  for (const PreviewedChange& change : preview.changes) text += describe_change(change);
  for (const Refusal& refusal : preview.refusals) {
    text += fmt::format("! {}: refused: {}\n", to_string(refusal.id),
                        plain_line(refusal.error.message));
  }
  text += describe_prune(preview.prune);
  if (!text.empty()) text += '\n';
  return text + summarise(preview);
}

ExitCode exit_code_of(const Preview& preview) {
  const bool is_refused = !preview.refusals.empty() || !preview.problems.empty() ||
                          std::ranges::any_of(preview.changes, [](const PreviewedChange& change) {
                            return change.error.has_value();
                          });
  if (is_refused) return ExitCode::failed;
  const bool has_changes = !preview.changes.empty() || preview.prune.refusal.has_value();
  return has_changes ? ExitCode::changes : ExitCode::done;
}

}  // namespace primocane
