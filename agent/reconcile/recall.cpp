// SPDX-License-Identifier: Apache-2.0
#include "reconcile/recall.hpp"

#include "reconcile/parents.hpp"

#include <optional>
#include <utility>

namespace primocane {

Task<bool> Recall::bring_back(KustomizationState& state, bool is_asking) {
  // Of a wrong spec nobody knows what it would be built from.
  const bool is_known = state.rendered && !state.rendered->is_ahead;
  if (is_known || state.fault) co_return false;
  const LiveParent* const parent = live_parent(sight_.view, state.spec.name);
  // One that was paused before it ever ran has one that says nothing.
  if (parent != nullptr && !parent->parent.revision.empty()) {
    co_await bring_back_applied(state, *parent, is_asking);
  } else {
    co_await look_ahead(state, is_asking);
  }
  co_return state.rendered.has_value();
}

Task<void> Recall::bring_back_applied(KustomizationState& state, const LiveParent& parent,
                                      bool is_asking) {
  if (is_suspended(state)) settlement_.remember(state, parent.parent.revision);
  const std::optional<CommitId> last = commit_of_parent(sight_.view, state.spec.name);
  if (last && sources_.is_configured(state.spec.source)) {
    const Result<void> restored = co_await renderings_.restore(state, *last);
    if (restored) co_return;
  }
  co_await sources_.update(state.spec.source, cluster_, is_asking);
  const Result<void> rendered = co_await renderings_.recall(state);
  if (rendered) co_return;
  voice_.render_failed(subject_of(state), sources_.revision_words(state.spec.source),
                       rendered.error());
}

// It has contained nothing so far. What is wrong with it is told when it runs.
Task<void> Recall::look_ahead(KustomizationState& state, bool is_asking) {
  co_await sources_.update(state.spec.source, cluster_, is_asking);
  const Result<void> rendered = co_await renderings_.refresh(state);
  if (rendered) state.rendered->is_ahead = true;
}

}  // namespace primocane
