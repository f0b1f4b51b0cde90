// SPDX-License-Identifier: Apache-2.0
// Fakes of the pass's small ports: a log of events, a store in memory, a renderer that works in
// the test's process.
#pragma once

#include "reconcile/renderer.hpp"
#include "report/event.hpp"
#include "report/state_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace primocane {

/// Keeps what was told.
class EventLog final : public EventSink {
 public:
  void emit(const Event& event) override { events.push_back(event); }

  /// "object-applied create ConfigMap/home/a" for each event above debug.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] bool has(EventKind kind) const;
  /// The messages of all events of `kind`, a line each.
  [[nodiscard]] std::string messages(EventKind kind) const;
  void clear() { events.clear(); }

  std::vector<Event> events;
};

/// Keeps states in memory; counts writes; can refuse them.
class MemoryStore final : public StateStore {
 public:
  [[nodiscard]] Result<std::optional<std::string>> load(std::string_view name) override;
  [[nodiscard]] Result<void> save(std::string_view name, std::string_view bytes) override;

  std::map<std::string, std::string, std::less<>> states;
  std::uint64_t writes = 0;
  bool is_full = false;  ///< save() answers `unavailable`
};

/// Renders in this process, from trees that the test gives per commit.
class FakeRenderer final : public Renderer {
 public:
  Task<Result<Rendering>> render(RenderRequest request, std::string root) override;

  /// What folders of commits hold: YAML documents of plain objects in one file, under "<commit>"
  /// for the root, else under "<commit>/<path>".
  std::map<std::string, std::string, std::less<>> manifests;
  std::uint64_t renderings = 0;
  /// The recipients of the keys that each folder was last rendered with, a line each; "none" where
  /// nothing was to be decrypted.
  std::map<std::string, std::string, std::less<>> keys;
};

}  // namespace primocane
