// SPDX-License-Identifier: Apache-2.0
#include "reconcile/server_nodes.hpp"

#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// A server that answers everything but this is no reason to do nothing.
constexpr Duration patience_for_nodes = std::chrono::seconds(10);

WatchQuery nodes_query() {
  return {.group_kind = {"", "Node"},
          .namespace_name = {},
          .label_selector = std::string(control_plane_label),
          .resource_version = {},
          .lifetime = std::chrono::seconds(600),
          .depth = WatchDepth::whole};
}

bool has_ready_condition(const Value& node) {
  const Value* conditions = node.find("status", "conditions");
  if (conditions == nullptr || conditions->as_array() == nullptr) return false;
  return std::ranges::any_of(*conditions->as_array(), [](const Value& condition) {
    return condition.text_at("type") == "Ready" && condition.text_at("status") == "True";
  });
}

// One that waits; it leaves the list when it is cancelled.
struct Waiting {
  Waiting(std::list<Completion<bool>*>& all, Completion<bool>& known) : all(all), known(known) {
    all.push_back(&known);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { all.remove(&known); }

  std::list<Completion<bool>*>& all;
  Completion<bool>& known;
};

}  // namespace

ServerNodes::ServerNodes(ClusterWatch& cluster, EventLoop& loop, NodeIdentity identity)
    : loop_(loop), identity_(std::move(identity)), watch_(cluster, loop, nodes_query(), *this) {}

// A server that does not answer yet may tell of others soon.
bool ServerNodes::is_known() const {
  return were_told_ || (failure() && failure()->kind != ErrorKind::unavailable);
}

Task<void> ServerNodes::wait_until_known() {
  if (is_known()) co_return;
  Completion<bool> known;
  const Waiting waiting(waiters_, known);
  const std::unique_ptr<Registration> timer = loop_.after(patience_for_nodes, [this, &known] {
    waiters_.remove(&known);
    known.complete(true);
  });
  co_await known;
}

// K3s names a Node as its host unless it is told otherwise; then the id of the machine tells, if
// no copy of its disk runs elsewhere.
std::string ServerNodes::own_name() const {
  if (!identity_.node_name.empty()) return identity_.node_name;
  if (nodes_.contains(identity_.host_name)) return identity_.host_name;
  const auto is_this = [this](const auto& entry) {
    return !entry.second.machine_id.empty() && entry.second.machine_id == identity_.machine_id;
  };
  const auto found = std::ranges::find_if(nodes_, is_this);
  const bool is_only_one = std::ranges::count_if(nodes_, is_this) == 1;
  return is_only_one ? found->first : identity_.host_name;
}

std::vector<std::string> ServerNodes::seniors() const {
  std::vector<std::string> ready;
  for (const auto& [name, node] : nodes_) {
    if (node.is_ready) ready.push_back(name);
  }
  const auto own = std::ranges::find(ready, own_name());
  ready.erase(own, ready.end());
  return ready;
}

ServerNodes::Node ServerNodes::read(const Value& object) {
  return {.is_ready = has_ready_condition(object),
          .machine_id = std::string(object.text_at("status", "nodeInfo", "machineID"))};
}

void ServerNodes::begin_anew(bool /*is_same_server*/) { fresh_.emplace(); }

Result<void> ServerNodes::take(const WatchEvent& event) {
  Nodes& nodes = fresh_ ? *fresh_ : nodes_;
  std::string name(event.object.text_at("metadata", "name"));
  switch (event.kind) {
    case WatchEvent::Kind::present: {
      Node node = read(event.object);
      const auto known = nodes.find(name);
      const bool is_news = known == nodes.end() || known->second != node;
      nodes.insert_or_assign(std::move(name), std::move(node));
      if (is_news && !fresh_) tell();
      return {};
    }
    case WatchEvent::Kind::gone:
      nodes.erase(name);
      if (!fresh_) tell();
      return {};
    case WatchEvent::Kind::complete:
      were_told_ = true;
      nodes_ = std::exchange(fresh_, std::nullopt).value_or(Nodes());
      tell();
      return {};
    case WatchEvent::Kind::begun:
    case WatchEvent::Kind::bookmark:
      return {};
  }
  return {};
}

void ServerNodes::tell() {
  if (changed_) changed_();
}

// In a turn of their own: whoever waits may do anything.
void ServerNodes::state_changed() {
  tell();
  if (!is_known()) return;
  wake_ = loop_.after(Duration::zero(), [this] {
    while (!waiters_.empty()) {
      Completion<bool>* waiter = waiters_.front();
      waiters_.pop_front();
      waiter->complete(true);
    }
  });
}

}  // namespace primocane
