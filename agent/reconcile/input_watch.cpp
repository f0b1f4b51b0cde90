// SPDX-License-Identifier: Apache-2.0
#include "reconcile/input_watch.hpp"

#include "reconcile/kind_watch.hpp"
#include "resource/resource_version.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

using Inputs = std::set<ResourceId>;

// Each watch is a stream of the connection. That of a namespace tells of all that is in it.
constexpr std::size_t watched_by_name_max = 4;

// What one watch shows each. A place that grows is another one.
std::set<Inputs> places_of(const Inputs& inputs) {
  std::map<ResourceId, Inputs> spaces;
  for (const ResourceId& id : inputs) {
    spaces[{id.group, id.kind, id.namespace_name, {}}].insert(id);
  }
  std::set<Inputs> places;
  for (const auto& [space, ids] : spaces) {
    if (ids.size() > watched_by_name_max) {
      places.insert(ids);
      continue;
    }
    for (const ResourceId& id : ids) places.insert({id});
  }
  return places;
}

WatchQuery inputs_query(const Inputs& inputs) {
  const ResourceId& first = *inputs.begin();
  const bool is_one = inputs.size() == 1;
  return {.group_kind = first.group_kind(),
          .namespace_name = first.namespace_name,
          .label_selector = {},
          .name = is_one ? first.name : std::string(),
          .resource_version = {},
          .lifetime = spread_lifetime(to_string(first))};
}

bool is_news_after(const InputVersion& shown, const InputVersion& used) {
  return shown != used && !is_older_version(shown.resource_version, used.resource_version);
}

}  // namespace

// Inputs of one kind and namespace that one watch shows.
class InputWatch::Place final : public WatchListener {
 public:
  Place(InputWatch& all, const Inputs& inputs)
      : all_(all), inputs_(inputs), watch_(all.cluster_, all.loop_, inputs_query(inputs), *this) {}

  [[nodiscard]] const KindWatch& watch() const { return watch_; }
  [[nodiscard]] std::optional<InputVersion> find(const ResourceId& id) const {
    if (!watch_.is_live()) return std::nullopt;
    const auto shown = shown_.find(id.name);
    return shown == shown_.end() ? InputVersion() : shown->second;
  }

  void begin_anew(bool /*is_same_server*/) override { fresh_.emplace(); }

  Result<void> take(const WatchEvent& event) override {
    if (event.kind == WatchEvent::Kind::complete) {
      shown_ = std::exchange(fresh_, std::nullopt).value_or(Versions());
    } else {
      note(event);
    }
    if (!fresh_) state_changed();
    return {};
  }

  void state_changed() override {
    if (all_.changed_) all_.changed_();
  }

 private:
  using Versions = std::map<std::string, InputVersion>;  // by name

  void note(const WatchEvent& event) {
    Versions& versions = fresh_ ? *fresh_ : shown_;
    std::string name(event.object.text_at("metadata", "name"));
    const bool is_wanted =
        std::ranges::any_of(inputs_, [&](const ResourceId& id) { return id.name == name; });
    if (!is_wanted) return;
    if (event.kind == WatchEvent::Kind::gone) {
      versions.erase(name);
      return;
    }
    versions.insert_or_assign(
        std::move(name), InputVersion{.uid = std::string(event.object.text_at("metadata", "uid")),
                                      .resource_version = std::string(
                                          event.object.text_at("metadata", "resourceVersion"))});
  }

  InputWatch& all_;
  Inputs inputs_;
  Versions shown_;
  std::optional<Versions> fresh_;  // until all of them have been told
  KindWatch watch_;                // last: it tells from its constructor on
};

InputWatch::InputWatch(ClusterWatch& cluster, EventLoop& loop) : cluster_(cluster), loop_(loop) {}

InputWatch::~InputWatch() = default;

void InputWatch::want(const std::set<ResourceId>& inputs) {
  const std::set<Inputs> wanted = places_of(inputs);
  std::erase_if(used_, [&](const auto& entry) { return !inputs.contains(entry.first); });
  std::erase_if(places_, [&](const auto& entry) { return !wanted.contains(entry.first); });
  for (const Inputs& ids : wanted) {
    if (!places_.contains(ids)) places_.emplace(ids, std::make_unique<Place>(*this, ids));
  }
}

std::optional<InputVersion> InputWatch::find(const ResourceId& id) const {
  const auto place =
      std::ranges::find_if(places_, [&](const auto& entry) { return entry.first.contains(id); });
  return place == places_.end() ? std::nullopt : place->second->find(id);
}

void InputWatch::note(const ResourceId& id, InputVersion version) {
  used_.insert_or_assign(id, std::move(version));
}

bool InputWatch::has_news() const {
  return std::ranges::any_of(used_, [this](const auto& entry) {
    const std::optional<InputVersion> shown = find(entry.first);
    return shown && is_news_after(*shown, entry.second);
  });
}

std::map<GroupKind, Error> InputWatch::failures() const {
  std::map<GroupKind, Error> failures;
  for (const auto& [ids, place] : places_) {
    const std::optional<Error>& failure = place->watch().failure();
    if (!failure || failure->kind == ErrorKind::unavailable) continue;
    failures.emplace(ids.begin()->group_kind(), *failure);
  }
  return failures;
}

}  // namespace primocane
