// SPDX-License-Identifier: Apache-2.0
#include "support/fake_parts.hpp"

#include "document/yaml_reader.hpp"
#include "resource/resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

Result<std::vector<DesiredObject>> render_text(const std::string& text,
                                               const KustomizationName& name) {
  std::vector<Document> documents = TRY(read_yaml(text, "apps.yaml"));
  std::vector<DesiredObject> objects;
  std::uint32_t number = 0;
  for (Document& document : documents) {
    const Origin origin{.path = "apps.yaml", .document = ++number, .line = document.line};
    Resource resource = TRY(Resource::make(std::move(document.value), origin));
    objects.push_back(TRY(make_desired(std::move(resource), name)));
  }
  return objects;
}

}  // namespace

std::vector<std::string> EventLog::lines() const {
  std::vector<std::string> lines;
  for (const Event& event : events) {
    if (event.severity == Severity::debug) continue;
    std::string line(to_string(event.kind));
    if (!event.action.empty()) line += " " + event.action;
    if (!event.object.empty()) line += " " + event.object;
    lines.push_back(std::move(line));
  }
  return lines;
}

bool EventLog::has(EventKind kind) const {
  return std::ranges::any_of(events, [kind](const Event& event) { return event.kind == kind; });
}

std::string EventLog::messages(EventKind kind) const {
  std::string text;
  for (const Event& event : events) {
    if (event.kind == kind) text += event.message + "\n";
  }
  return text;
}

Result<std::optional<std::string>> MemoryStore::load(std::string_view name) {
  const auto state = states.find(name);
  if (state == states.end()) return std::optional<std::string>();
  return std::optional<std::string>(state->second);
}

Result<void> MemoryStore::save(std::string_view name, std::string_view bytes) {
  if (is_full) return fail(ErrorKind::unavailable, fmt::format("{}: no space left", name));
  ++writes;
  states.insert_or_assign(std::string(name), std::string(bytes));
  return {};
}

Task<Result<std::vector<DesiredObject>>> FakeRenderer::render(RenderRequest request,
                                                              std::string /*root*/) {
  ++renderings;
  const auto text = manifests.find(request.commit ? request.commit->str() : std::string());
  if (text == manifests.end()) co_return fail(ErrorKind::invalid, "no such commit");
  co_return render_text(text->second, request.name);
}

}  // namespace primocane
