// SPDX-License-Identifier: Apache-2.0
#include "support/fake_parts.hpp"

#include "document/yaml_reader.hpp"
#include "flux/flux_object.hpp"
#include "resource/ignored_fields.hpp"
#include "resource/resource.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// "${name}" and no other form.
std::string with_values(std::string text, const RenderRequest& request) {
  if (!request.build) return text;
  for (const auto& [name, value] : request.build->variables) {
    const std::string word = fmt::format("${{{}}}", name);
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
      text.replace(at, word.size(), value);
    }
  }
  return text;
}

Result<Rendering> render_text(const std::string& text, const RenderRequest& request) {
  IgnoreRules rules;
  if (request.build) rules = TRY(IgnoreRules::read(&request.build->ignore));
  std::vector<Document> documents = TRY(read_yaml(with_values(text, request), "apps.yaml"));
  Rendering rendering;
  std::uint32_t number = 0;
  for (Document& document : documents) {
    const Origin origin{.path = "apps.yaml", .document = ++number, .line = document.line};
    Resource resource = TRY(Resource::make(std::move(document.value), origin));
    if (flux_role_of(resource) == FluxRole::followed) {
      rendering.flux_objects.push_back(std::move(resource));
    } else {
      std::vector<JsonPointer> ignored = rules.paths_for(resource.object);
      DesiredObject object = TRY(make_desired(std::move(resource), request.name));
      object.ignored = std::move(ignored);
      object.hash = hash_of(object);
      rendering.objects.push_back(std::move(object));
    }
  }
  return rendering;
}

std::string recipients_of(const RenderRequest& request) {
  if (!request.identities) return "none";
  std::string recipients;
  for (const AgeIdentity& identity : request.identities->all()) {
    recipients += identity.recipient_text() + '\n';
  }
  return recipients;
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

Task<Result<Rendering>> FakeRenderer::render(RenderRequest request, std::string /*root*/) {
  ++renderings;
  std::string place = request.commit ? request.commit->str() : std::string();
  if (!request.path.is_root()) place += "/" + request.path.str();
  keys[request.path.str()] = recipients_of(request);
  const auto text = manifests.find(place);
  if (text == manifests.end()) co_return fail(ErrorKind::invalid, "no such folder");
  co_return render_text(text->second, request);
}

}  // namespace primocane
