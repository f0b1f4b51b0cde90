// SPDX-License-Identifier: Apache-2.0
// Turn: whether this node acts, or another one does. The first of the Ready server nodes acts at
// once; each further one does what is still undone after 30 s for every node before it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "reconcile/server_nodes.hpp"
#include "report/event.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// What a pass wants to write for.
enum class Need : std::uint8_t {
  undone,  ///< somebody should have done it
  unsure,  ///< another node has done it, most likely
};

/// One for the life of an agent. Lives on the loop's thread.
class Turn {
 public:
  /// All borrowed. `interval`: how long a node may take to notice what is new in Git.
  Turn(ServerNodes& nodes, const EventLoop& loop, EventSink& events, Duration interval)
      : nodes_(nodes), loop_(loop), events_(events), interval_(interval) {}

  /// As ServerNodes::listen().
  void listen(std::function<void()> changed) { nodes_.listen(std::move(changed)); }
  /// Why it is not known which nodes there are, if it is not.
  [[nodiscard]] const std::optional<Error>& failure() const { return nodes_.failure(); }

  /// Whether nobody comes before this node.
  [[nodiscard]] bool is_first() const { return nodes_.seniors().empty(); }
  /// As ServerNodes::seniors().
  [[nodiscard]] std::vector<std::string> seniors() const { return nodes_.seniors(); }
  [[nodiscard]] std::string own_name() const { return nodes_.own_name(); }
  /// Whether `node` is Ready and comes before this one.
  [[nodiscard]] bool comes_before(const std::string& node) const;
  [[nodiscard]] bool is_another(const std::string& node) const {
    return !node.empty() && node != own_name();
  }

  /// A pass begins; one that a person asked this node for acts in any case.
  void begin_pass(bool is_asked_for);
  /// To be awaited before the pass writes something of `sets`. `cancelled` while that is left to
  /// others: what these do to the same sets is waited for.
  Task<Result<void>> require(Need need, std::set<KustomizationName> sets);
  /// Whether the pass has left something to others.
  [[nodiscard]] bool has_waited() const;
  /// Whether the pass was allowed to write.
  [[nodiscard]] bool has_acted() const { return has_acted_; }
  /// The pass is over, and has compared all, or has not come so far. When the next one may do what
  /// was left to others.
  [[nodiscard]] std::optional<SteadyTime> end_pass(bool has_compared);

  /// When this node may do what has been undone since `since`; nothing where it may now.
  [[nodiscard]] std::optional<SteadyTime> due(SteadyTime since) const;
  /// This node does what others should have done: tells who was silent, once.
  void tell_silence();
  /// Another node was seen to do what this one would, to an object of `set`.
  void note_others_act(const KustomizationName& set);

 private:
  // What passes would write for one Need.
  struct Wish {
    std::optional<SteadyTime> since;
    SteadyTime due{};
    bool is_left = false;  // to others, by this pass
  };

  [[nodiscard]] SteadyTime pass_due(SteadyTime since,
                                    const std::set<KustomizationName>& sets) const;

  ServerNodes& nodes_;
  const EventLoop& loop_;
  EventSink& events_;
  Duration interval_;
  bool is_asked_for_ = false;
  bool has_acted_ = false;
  std::map<Need, Wish> wishes_;
  std::map<KustomizationName, SteadyTime> others_acted_at_;
  std::string told_silent_;  // the nodes
};

}  // namespace primocane
